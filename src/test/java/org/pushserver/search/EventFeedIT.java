// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.search.SearchDoor.DESK;
import static org.pushserver.search.SearchDoor.MINE;
import static org.pushserver.search.SearchDoor.OTHERS;
import static org.pushserver.search.SearchDoor.OWNER;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.Right;
import org.pushserver.fake.Await;

/** Who stays connected is told of pushes as they end, and hurts nobody. */
@Timeout(120)
class EventFeedIT {
  /** Of no length: the answer has ended, and its connection goes on. */
  private static final String LAST_PART = "0";

  private static final String ALICE = "sip:alice@example.com";

  @RegisterExtension private final SearchDoor door = new SearchDoor(SearchDoor.KEYS);

  private final List<Reader> readers = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Reader reader : readers) {
      reader.socket.close();
    }
  }

  /** One who reads only when a test does. */
  private final class Reader {
    private final Socket socket = new Socket();
    private final BufferedReader in;
    private final String status;

    private Reader(String key, String path) throws IOException {
      // As little as possible waits in the kernel.
      socket.setReceiveBufferSize(4096);
      socket.setSoTimeout((int) Await.PATIENCE.toMillis());
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), door.port()));
      socket
          .getOutputStream()
          .write(
              "GET %s HTTP/1.1\r\nHost: door\r\nAuthorization: Bearer %s\r\n\r\n"
                  .formatted(path, key)
                  .getBytes(StandardCharsets.US_ASCII));
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      status = in.readLine();
      readers.add(this);
    }

    /** What the next event is called, after it its data. */
    private List<String> event() throws IOException {
      String line = in.readLine();
      while (line != null && !line.equals(LAST_PART) && !line.startsWith("event: ")) {
        line = in.readLine();
      }
      return line == null || line.equals(LAST_PART)
          ? List.of("gone")
          : List.of(line.substring("event: ".length()), in.readLine().substring("data: ".length()));
    }

    private boolean heardABeat() throws IOException {
      String line = in.readLine();
      while (line != null && !line.equals(": all is well")) {
        line = in.readLine();
      }
      return line != null;
    }
  }

  @CanIgnoreReturnValue
  private Reader follow(String key, String path) throws Exception {
    int before = door.trail.followers();
    Reader reader = new Reader(key, path);
    assertEquals("HTTP/1.1 200 OK", reader.status);
    Await.until(() -> door.trail.followers() == before + 1, () -> "nobody follows");
    return reader;
  }

  @Test
  void aReaderIsToldWhatIsMissing() throws Exception {
    Reader reader = follow(DESK, "/v3/events");
    door.trail.noteToFollowers("Server n2 is missing here: it does not \"answer\"");
    List<String> event = reader.event();
    assertEquals("note", event.get(0));
    assertEquals(
        "Server n2 is missing here: it does not \"answer\"",
        new JsonObject(event.get(1)).getString("note"));
    door.trail.put(SearchEntries.of(1, MINE, "c1", ALICE));
    assertEquals("push", reader.event().get(0));
  }

  @Test
  void aReaderIsToldOfWhatHeAsksFor() throws Exception {
    Reader all = follow(DESK, "/v3/events");
    Reader some = follow(DESK, "/v3/events?platform=firebase&account=bob@example.com");
    door.trail.put(SearchEntries.of(1, MINE, "c1", ALICE));
    door.trail.put(SearchEntries.of(2, OTHERS, "c2", "a\nb"));
    for (String callId : List.of("c1", "c2")) {
      List<String> event = all.event();
      assertEquals("push", event.get(0));
      JsonObject push = new JsonObject(event.get(1));
      assertEquals(callId, push.getString("call-id"));
      assertTrue(push.getJsonObject("cause").containsKey("sentence"));
    }
    assertEquals("c2", new JsonObject(some.event().get(1)).getString("call-id"));
  }

  @Test
  void whoReadsSlowlyIsToldHowManyHeHasMissed() throws Exception {
    Reader slow = follow(DESK, "/v3/events");
    int put = 20_000;
    for (int i = 0; i < put; i++) {
      door.trail.put(SearchEntries.of(i, MINE, "c" + i, "x".repeat(500)));
    }
    long told = 0;
    long missed = 0;
    int last = -1;
    while (told + missed < put) {
      List<String> event = slow.event();
      if (event.get(0).equals("missed")) {
        missed += new JsonObject(event.get(1)).getLong("missed");
      } else {
        int number =
            Integer.parseInt(new JsonObject(event.get(1)).getString("call-id").substring(1));
        assertEquals(told + missed, number, "each gap is where it was");
        assertTrue(number > last);
        last = number;
        told++;
      }
    }
    assertEquals(put, told + missed);
    assertTrue(missed > put / 2, "few wait for one who does not read, and not " + told);
  }

  @Test
  void aKeyHasSoManyReadersAndNoMore() throws Exception {
    for (int i = 0; i < EventFeed.MOST_OF_ONE; i++) {
      follow(OWNER, "/v3/events");
    }
    assertTrue(new Reader(OWNER, "/v3/events").status.startsWith("HTTP/1.1 429"));
    follow(DESK, "/v3/events");
    readers.get(0).socket.close();
    Await.until(
        () -> door.trail.followers() == EventFeed.MOST_OF_ONE, () -> "the first is still there");
    follow(OWNER, "/v3/events");
  }

  @Test
  void aQuietConnectionIsNotIdleAndBeatsSayThatItIsWell() throws Exception {
    Reader reader = follow(DESK, "/v3/events");
    // Ten times as long as a connection may do nothing.
    for (int i = 0; i < 60; i++) {
      Await.await(door.time.advance(Duration.ofSeconds(10)));
    }
    assertTrue(reader.heardABeat());
    door.trail.put(SearchEntries.of(1, MINE, "c1", ALICE));
    assertEquals("push", reader.event().get(0));
  }

  @Test
  void whoReadsNothingForAMinuteIsCutOff() throws Exception {
    follow(DESK, "/v3/events");
    AtomicInteger put = new AtomicInteger();
    Await.until(
        () -> {
          // Of what comes at once some is missed, and the kernel takes megabytes of the rest.
          for (int i = 0; i < 1_000; i++) {
            int number = put.getAndIncrement();
            door.trail.put(SearchEntries.of(number, MINE, "c" + number, "x".repeat(500)));
          }
          Await.await(door.time.advance(Duration.ofSeconds(5)));
          return door.trail.followers() == 0;
        },
        () -> "he is still told");
  }

  @Test
  void aKeyThatIsTakenAwayIsToldNothingMore() throws Exception {
    Reader owner = follow(OWNER, "/v3/events");
    door.use(ApiKeys.of(List.of(SearchDoor.key("desk", DESK, true, Right.CONSOLE))));
    Await.await(door.time.advance(Duration.ofSeconds(15)));
    assertEquals("end", owner.event().get(0));
    Await.until(() -> door.trail.followers() == 0, () -> "he is still told");
    assertEquals("gone", owner.event().get(0));
  }

  @Test
  void whenTheServerEndsSoDoTheReaders() throws Exception {
    Reader reader = follow(DESK, "/v3/events");
    door.api.close();
    assertEquals("gone", reader.event().get(0));
    assertTrue(new Reader(DESK, "/v3/events").status.startsWith("HTTP/1.1 503"));
  }

  @Test
  void aParameterThatIsNoFilterIsRefused() throws Exception {
    assertTrue(new Reader(DESK, "/v3/events?limit=5").status.startsWith("HTTP/1.1 400"));
  }
}
