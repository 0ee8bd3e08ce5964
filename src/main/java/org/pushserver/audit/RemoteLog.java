// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.pushserver.events.ApplicationListener;
import org.pushserver.events.Attempt;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.route.SystemTrust;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Payload;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Time;

/**
 * Reports each push of one application that has ended to the collectors of the application's owner.
 * Whatever a collector does, pushes notice nothing of it.
 */
public final class RemoteLog implements ApplicationListener {
  /** Of so many pushes that are to be tried again it is known what was sent. */
  private static final int REMEMBERED = 1_000;

  private final CollectorConfig config;
  private final String serverIp;
  private final Map<UUID, Payload> sent = new LinkedHashMap<>();
  private final List<Collector> collectors = new ArrayList<>();
  private HttpClient client;

  private RemoteLog(CollectorConfig config, String serverIp) {
    this.config = config;
    this.serverIp = serverIp;
  }

  /**
   * The remote log of an application; {@link ApplicationListener#NONE} when its section names no
   * collector.
   */
  public static ApplicationListener of(AppConfig config, Consumer<Problem> warnings) {
    CollectorConfig read = CollectorConfig.read(config, warnings);
    return read.urls().isEmpty() ? NONE : new RemoteLog(read, serverIp());
  }

  /** An address by which others know this machine, as far as it knows itself. */
  private static String serverIp() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
          .map(RemoteLog::text)
          .findFirst()
          .orElse("127.0.0.1");
    } catch (SocketException e) {
      return "127.0.0.1";
    }
  }

  /** Without the zone, such as {@code %eth0}, which says something on this machine only. */
  static String text(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }

  @Override
  public boolean wantsRequests() {
    return true;
  }

  @Override
  public void open(Vertx vertx, Time time) {
    HttpClientOptions options =
        new HttpClientOptions()
            .setConnectTimeout(Math.toIntExact(config.timeout().toMillis()))
            // A report that was given up, and comes again, is not delivered by the kernel as well.
            .setSoLinger(0)
            .setVerifyHost(true)
            .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
            .setTrustOptions(new SystemTrust(config.extraTrust().orElse(null)));
    client =
        vertx
            .httpClientBuilder()
            .with(options)
            .with(new PoolOptions().setHttp1MaxSize(Collector.IN_FLIGHT))
            // The requests fail of the same, and that is told; Vert.x logs it when nobody listens.
            .withConnectHandler(connection -> connection.exceptionHandler(told -> {}))
            .build();
    config.urls().forEach(url -> collectors.add(new Collector(config, url, client, time)));
  }

  @Override
  public void attempted(Push push, Attempt attempt) {
    forget(push.id());
    Payload payload = attempt.payload();
    if (ReportMemory.take(payload.body().length())) {
      sent.put(push.id(), payload);
    }
    if (sent.size() > REMEMBERED) {
      forget(sent.keySet().iterator().next());
    }
  }

  @CanIgnoreReturnValue
  private Payload forget(UUID push) {
    Payload known = sent.remove(push);
    if (known != null) {
      ReportMemory.free(known.body().length());
    }
    return known;
  }

  @Override
  public void ended(Push push, Outcome outcome, long now) {
    Buffer report = Report.of(push, forget(push.id()), outcome, serverIp, now);
    collectors.forEach(collector -> collector.take(push, report));
  }

  @Override
  public Future<Void> close() {
    sent.values().forEach(payload -> ReportMemory.free(payload.body().length()));
    sent.clear();
    if (client == null) {
      return Future.succeededFuture();
    }
    return Future.join(collectors.stream().map(Collector::close).toList())
        .eventually(client::close)
        .mapEmpty();
  }
}
