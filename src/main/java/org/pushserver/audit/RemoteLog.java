// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.pushserver.events.ApplicationListener;
import org.pushserver.events.Attempt;
import org.pushserver.events.ReportEnd;
import org.pushserver.events.ReportListener;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Payload;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Time;

/**
 * Reports each push of one application that has ended to the collectors of the application's owner.
 * Whatever a collector does, pushes notice nothing of it.
 */
final class RemoteLog implements ApplicationListener {
  /** Of so many pushes that are to be tried again it is known what was sent. */
  private static final int REMEMBERED = 1_000;

  private final String serverIp;
  private final Map<UUID, Payload> sent = new LinkedHashMap<>();
  private final Collectors collectors;

  private RemoteLog(CollectorConfig config, ReportListener reports, String serverIp) {
    this.collectors = new Collectors(config, reports);
    this.serverIp = serverIp;
  }

  /**
   * The remote log of an application; {@link ApplicationListener#NONE} when its section names no
   * collector.
   */
  static ApplicationListener of(
      AppConfig config, ReportListener reports, Consumer<Problem> warnings) {
    CollectorConfig read = CollectorConfig.read(config, ReportEnd.Kind.COLLECTOR, warnings);
    return read.urls().isEmpty() ? NONE : new RemoteLog(read, reports, serverIp());
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
    collectors.open(vertx, time);
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
    collectors.take(ReportSubject.of(push), report);
  }

  @Override
  public Future<Void> close() {
    sent.values().forEach(payload -> ReportMemory.free(payload.body().length()));
    sent.clear();
    return collectors.close();
  }
}
