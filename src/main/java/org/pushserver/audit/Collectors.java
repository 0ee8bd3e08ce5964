// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.pushserver.events.ReportListener;
import org.pushserver.route.SystemTrust;
import org.pushserver.spi.Time;

/** The collectors that one application reports one kind of thing to. Confined to one event loop. */
final class Collectors {
  private final CollectorConfig config;
  private final ReportListener reports;
  private final List<Collector> all = new ArrayList<>();
  private HttpClient client;

  /**
   * @param reports told what becomes of what is reported
   */
  Collectors(CollectorConfig config, ReportListener reports) {
    this.config = config;
    this.reports = reports;
  }

  /** Begins; to be called before it is given anything. */
  void open(Vertx vertx, Time time) {
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
    config.urls().forEach(url -> all.add(new Collector(config, url, client, time, reports)));
  }

  /**
   * Reports to each of them.
   *
   * @param about what the report is about
   */
  void take(ReportSubject about, Buffer report) {
    all.forEach(collector -> collector.take(about, report));
  }

  /** Ends, also when it was never opened. Completes within a few seconds. */
  Future<Void> close() {
    if (client == null) {
      return Future.succeededFuture();
    }
    return Future.join(all.stream().map(Collector::close).toList())
        .eventually(client::close)
        .mapEmpty();
  }
}
