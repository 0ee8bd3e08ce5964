// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a scrape of a running server shows. */
@Timeout(60)
class MetricsIT {
  @TempDir private Path directory;

  /** The sum of all series of a name whose labels contain this. */
  private static double sum(String text, String name, String labels) {
    return text.lines()
        .filter(line -> line.startsWith(name + "{") && line.contains(labels))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private static double stay(String text) {
    return sum(text, "pushserver_pushes_waiting", "")
        + sum(text, "pushserver_pushes_in_flight", "");
  }

  private static String scrape(ObservedServer observed) throws Exception {
    HttpResponse<String> answer = observed.get(observed.server.adminPort(), "/metrics");
    assertEquals(200, answer.statusCode());
    assertEquals(
        "text/plain; version=0.0.4; charset=utf-8",
        answer.headers().firstValue("content-type").orElseThrow());
    return answer.body();
  }

  @Test
  void whatWasAcceptedIsTheSumOfWhatEndedJoinedWaitsAndIsInFlight() throws Exception {
    try (ObservedServer observed = new ObservedServer(directory, "drain_timeout = 1")) {
      for (int i = 0; i < 3; i++) {
        assertEquals(200, observed.ring("phone-of-bob", "c" + i).statusCode());
      }
      assertEquals(410, observed.ring("dead-phone", "c3").statusCode());
      CompletableFuture<HttpResponse<String>> first = observed.ringing("idle-phone", "c4");
      CompletableFuture<HttpResponse<String>> same = observed.ringing("idle-phone", "c4");
      String text = scrape(observed);
      // A look may fall between two counts of one push, which are made on another event loop.
      for (int looks = 0;
          sum(text, "pushserver_pushes_joined_total", "") < 1
              || sum(text, "pushserver_pushes_accepted_total", "") < 6
              || sum(text, "pushserver_pushes_ended_total", "") < 4
              || stay(text) < 1;
          looks++) {
        assertTrue(looks < 1_000, text);
        text = scrape(observed);
      }
      double ended = sum(text, "pushserver_pushes_ended_total", "");
      assertEquals(4, ended, text);
      assertEquals(3, sum(text, "pushserver_pushes_ended_total", "outcome=\"delivered\""));
      assertEquals(6, sum(text, "pushserver_pushes_accepted_total", ""));
      assertEquals(1, stay(text), text);

      assertTrue(sum(text, "pushserver_token_expiry_timestamp_seconds", "firebase") > 1e9, text);
      assertTrue(text.contains("jvm_memory_used_bytes{"), text);
      assertTrue(text.contains("pushserver_event_loop_delay_seconds_count "), text);
      first.cancel(true);
      same.cancel(true);
    }
  }
}
