// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** What a server says of itself under /metrics. */
final class Metrics {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(LIMIT).build();
  private final HttpRequest request;

  Metrics(Running server) {
    request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/metrics"))
            .timeout(LIMIT)
            .build();
  }

  /** One that has no labels. */
  double value(String name) throws IOException, InterruptedException {
    return parse(client.send(request, HttpResponse.BodyHandlers.ofString()).body(), name);
  }

  /** Of the text. */
  static double parse(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name + ' '))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new BenchException("there is no " + name));
  }
}
