// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushserver.dispatch.ApplicationSnapshot;
import org.pushserver.dispatch.Status;
import org.pushserver.events.Application;
import org.pushserver.events.Attempt;
import org.pushserver.events.PushListener;
import org.pushserver.fake.ManualTime;
import org.pushserver.log.DroppedLines;
import org.pushserver.push.Answer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Kind;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.queue.PushCounts;
import org.pushserver.queue.QueueDepth;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.Connections;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Payload;
import org.pushserver.spi.SamplePush;
import org.pushserver.sylk.SylkApplication;

class MetersTest {
  private static final Push RING = SamplePush.of(Event.INCOMING_SESSION).push();
  private static final Response OK = new Response(200, "", "", "{}");
  private static final Application PHONE =
      new Application(RING.app(), "phone", new SylkApplication(), Delivery.DEFAULT);
  private static final String LABELS =
      "{application=\"com.example.phone\",event=\"incoming_session\",platform=\"apple\"} ";

  private final ManualTime time = new ManualTime(SamplePush.BORN);
  private final Meters meters = new Meters(time);
  private final PushListener listener = meters.of(PHONE);
  private PushListener back;

  @AfterEach
  void close() {
    meters.close();
  }

  private String text(List<ApplicationSnapshot> snapshots) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      meters.write(snapshots, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private String text() {
    return text(List.of());
  }

  private void assertShown(String line) {
    String text = text();
    assertTrue(text.lines().anyMatch(line::equals), () -> line + " is not in\n" + text);
  }

  private static Attempt attempt(int number, Answer answer, Throwable failure) {
    Payload payload = new Payload(Map.of(), Buffer.buffer());
    return new Attempt(number, payload, answer, failure, SamplePush.BORN + 7, 30_000_000);
  }

  private static void end(PushListener listener, Push push, Result result, long ms) {
    listener.ended(push, new Outcome(result, OK, 1), SamplePush.BORN + ms);
  }

  @Test
  void whatIsAcceptedJoinedAndEndedIsCountedByApplicationPlatformAndEvent() {
    listener.accepted(RING, true);
    listener.accepted(RING, true);
    listener.joined(RING, RING);
    end(listener, RING, Result.DEAD_TOKEN, 30);
    assertShown("pushserver_pushes_accepted_total" + LABELS + "2.0");
    assertShown("pushserver_pushes_joined_total" + LABELS + "1.0");
    String ended =
        "pushserver_pushes_ended_total" + LABELS.replace("platform", "outcome=\"%s\",platform");
    assertShown(ended.formatted("dead_token") + "1.0");
    assertShown(ended.formatted("delivered") + "0.0");
  }

  @Test
  void timesFallIntoBucketsFromAMillisecondTo64Seconds() {
    listener.attempted(RING, attempt(1, new Answer.Delivered(OK), null));
    end(listener, RING, Result.DELIVERED, 40_000);
    String bucket =
        "pushserver_push_%s_seconds_bucket"
            + LABELS.replace("platform=\"apple\"", "platform=\"apple\",le=\"%s\"");
    assertShown(bucket.formatted("queue", "0.001") + "0");
    assertShown(bucket.formatted("queue", "0.005") + "0");
    assertShown(bucket.formatted("queue", "0.01") + "1");
    assertShown(bucket.formatted("duration", "32.0") + "0");
    assertShown(bucket.formatted("duration", "64.0") + "1");
    assertShown(
        "pushserver_attempt_seconds_sum{application=\"com.example.phone\",platform=\"apple\"} 0.03");
  }

  private void minute() {
    assertTrue(time.advance(Duration.ofMinutes(1)).succeeded());
  }

  @Test
  void besideTimesStandsTheLargestOfTheLastMinutes() {
    String largest = "pushserver_push_duration_seconds_max" + LABELS;
    end(listener, RING, Result.DELIVERED, 1_500);
    end(listener, RING, Result.DELIVERED, 20);
    assertShown(largest + "1.5");
    minute();
    end(listener, RING, Result.DELIVERED, 250);
    assertShown(largest + "1.5");
    minute();
    assertShown(largest + "0.25");
    minute();
    assertShown(largest + "0.0");
  }

  @Test
  void aNameIsWrittenSoThatItsQuotesEndNoLabel() {
    AppKey odd = new AppKey("a\"b\\c", "apple");
    PushListener unused =
        meters.of(new Application(odd, "odd", new SylkApplication(), Delivery.DEFAULT));
    assertShown(
        "pushserver_pushes_repeated_total{application=\"a\\\"b\\\\c\",platform=\"apple\"} 0.0");
  }

  @Test
  void aNumberOfAnyLengthIsWrittenAsPrometheusReadsIt() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MetricsText text = new MetricsText(out);
    MetricsText.Owner owner = new MetricsText.Owner(RING.app());
    text.metric("things", "gauge", "Things");
    for (long value : new long[] {0, 7, 9_999_999, 12_345_678, -3}) {
      text.of(owner).with(owner.platform()).is(value);
    }
    text.of(owner).with(owner.platform()).is(0.125);
    text.flush();
    String start = "things{application=\"com.example.phone\",platform=\"apple\"} ";
    assertEquals(
        "# HELP things Things\n# TYPE things gauge\n"
            + Stream.of("0.0", "7.0", "9999999.0", "1.2345678E7", "-3.0", "0.125")
                .map(value -> start + value + '\n')
                .collect(Collectors.joining()),
        out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void anAttemptIsCountedByWhatItCameTo() {
    listener.attempted(RING, attempt(1, null, new NotSentException("no connection")));
    listener.attempted(RING, attempt(1, null, new IllegalStateException("no answer")));
    listener.attempted(RING, attempt(2, new Answer.Later(OK, null, false), null));
    listener.attempted(RING, attempt(3, new Answer.Delivered(OK), null));
    for (String result : List.of("not_sent", "unanswered", "later", "delivered")) {
      assertShown(
          "pushserver_attempts_total{application=\"com.example.phone\",platform=\"apple\",result=\"%s\"} 1.0"
              .formatted(result));
    }
    // Only what was sent waited, and only until the first time.
    assertShown("pushserver_push_queue_seconds_count" + LABELS + "1");
    assertShown(
        "pushserver_attempt_seconds_count{application=\"com.example.phone\",platform=\"apple\"} 3");
  }

  @Test
  void whatWasTurnedAwayHasNoDuration() {
    end(listener, RING, Result.OVERLOADED, 0);
    assertShown("pushserver_push_duration_seconds_count" + LABELS + "0");
  }

  @Test
  void anEventThatTheTypeDoesNotDeclareIsOther() {
    for (int i = 0; i < 100; i++) {
      listener.accepted(SamplePush.of(new Event("made-up-" + i, Kind.MESSAGE)).push(), true);
    }
    assertShown(
        "pushserver_pushes_accepted_total" + LABELS.replace("incoming_session", "other") + "100.0");
    assertFalse(text().contains("made-up"));
  }

  @Test
  void anApplicationThatHasGoneIsShownOnceMoreThenForgotten() {
    listener.accepted(RING, true);
    String line = "pushserver_pushes_accepted_total" + LABELS;
    assertTrue(text().contains(line));
    listener.left();
    assertTrue(text().contains(line));
    assertFalse(text().contains("com.example.phone"));
  }

  @Test
  void anotherConfigurationOfTheSameApplicationCountsOn() {
    listener.accepted(RING, true);
    listener.of(PHONE).accepted(RING, true);
    assertShown("pushserver_pushes_accepted_total" + LABELS + "2.0");
  }

  @Test
  void anApplicationThatIsBackBeforeItsOldVerticleHasEndedCountsOn() {
    listener.accepted(RING, true);
    PushListener again = meters.of(PHONE);
    again.accepted(RING, true);
    listener.left();
    for (int scrapes = 0; scrapes < 3; scrapes++) {
      assertShown("pushserver_pushes_accepted_total" + LABELS + "2.0");
    }
    again.left();
    assertTrue(text().contains("com.example.phone"));
    assertFalse(text().contains("com.example.phone"));
  }

  @Test
  void anApplicationThatComesBackDuringAScrapeLosesNothing() {
    listener.accepted(RING, true);
    listener.left();
    // Looked at in the middle of the scrape.
    String during =
        text(
            new AbstractList<>() {
              @Override
              public ApplicationSnapshot get(int index) {
                throw new IndexOutOfBoundsException(index);
              }

              @Override
              public int size() {
                if (back == null) {
                  back = meters.of(PHONE);
                  back.accepted(RING, true);
                }
                return 0;
              }
            });
    assertTrue(during.contains("com.example.phone"));
    assertShown("pushserver_pushes_accepted_total" + LABELS + "2.0");
  }

  @Test
  void aPushThatItsApplicationNeverSawIsCountedAllTheSame() {
    end(meters, RING, Result.OVERLOADED, 0);
    String ended =
        "pushserver_pushes_ended_total" + LABELS.replace("platform", "outcome=\"%s\",platform");
    assertShown(ended.formatted("overloaded") + "1.0");
    listener.left();
    String unused = text();
    end(meters, RING, Result.OVERLOADED, 0);
    assertShown(
        "pushserver_pushes_ended_total{application=\"removed\",event=\"removed\","
            + "outcome=\"overloaded\",platform=\"removed\"} 1.0");
  }

  @Test
  void droppedLogLinesAreShownBySink() {
    String before = text();
    LongAdder dropped = DroppedLines.of("journal");
    dropped.add(17);
    System.gc(); // the registry holds weakly what it asks
    assertShown("pushserver_log_lines_dropped_total{sink=\"journal\"} " + (double) dropped.sum());
    assertTrue(before.contains("pushserver_log_lines_dropped_total{sink=\"file\"} "));
  }

  @Test
  void whatIsReadOfAnApplicationIsShown() {
    Status status =
        new Status(
            PHONE, new Condition(State.CONNECTING, "x"), 0, Instant.ofEpochSecond(1_900_000_000));
    ApplicationSnapshot snapshot =
        new ApplicationSnapshot(
            status,
            new PushCounts(9, Map.of(), 0, 6, 3),
            new QueueDepth(4, 2_500),
            new QueueDepth(1, 0),
            new Connections(2, 3, 5, 8),
            null);
    String text = text(List.of(snapshot));
    String labels = "{application=\"com.example.phone\",%splatform=\"apple\"%s} %s";
    for (String line :
        List.of(
            "pushserver_pushes_waiting" + labels.formatted("", "", "6.0"),
            "pushserver_pushes_in_flight" + labels.formatted("", "", "3.0"),
            "pushserver_queue_length" + labels.formatted("lane=\"calls\",", "", "4.0"),
            "pushserver_queue_head_age_seconds" + labels.formatted("lane=\"calls\",", "", "2.5"),
            "pushserver_connections" + labels.formatted("", "", "2.0"),
            "pushserver_connection_streams" + labels.formatted("", "", "3.0"),
            "pushserver_connections_made_total" + labels.formatted("", "", "5.0"),
            "pushserver_connection_failures_total" + labels.formatted("", "", "8.0"),
            "pushserver_application_state" + labels.formatted("", ",state=\"reconnecting\"", "1.0"),
            "pushserver_application_state" + labels.formatted("", ",state=\"connected\"", "0.0"),
            "pushserver_credential_expiry_timestamp_seconds" + labels.formatted("", "", "1.9E9"))) {
      assertTrue(text.lines().anyMatch(line::equals), () -> line + " is not in\n" + text);
    }
    assertFalse(text.contains("pushserver_token_expiry_timestamp_seconds"), text);
  }
}
