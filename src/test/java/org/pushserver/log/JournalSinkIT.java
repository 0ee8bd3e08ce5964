// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Against a socket of the test's own in place of the journal's. */
@EnabledOnOs(OS.LINUX)
@Timeout(30)
class JournalSinkIT {
  @TempDir private Path folder;
  private Path path;
  private Socket journal;
  private JournalSink sink;

  @BeforeEach
  void listen() throws Exception {
    Epoll.ensureAvailability();
    path = folder.resolve("socket");
    journal = Socket.newSocketDomainDgram();
    journal.bind(new DomainSocketAddress(path.toFile()));
    sink = JournalSink.open(path).orElseThrow();
  }

  @AfterEach
  void close() throws Exception {
    sink.close();
    journal.close();
  }

  /** What the sender has finished to send is here at once. */
  private Map<String, String> entry() throws Exception {
    ByteBuffer datagram = ByteBuffer.allocateDirect(256 * 1024).order(ByteOrder.LITTLE_ENDIAN);
    int length = journal.recvFromDomainSocket(datagram, 0, datagram.capacity()).receivedAmount();
    datagram.limit(length);
    Map<String, String> fields = new LinkedHashMap<>();
    while (datagram.hasRemaining()) {
      StringBuilder name = new StringBuilder();
      for (byte next = datagram.get(); next != '\n'; next = datagram.get()) {
        name.append((char) next);
      }
      byte[] value = new byte[Math.toIntExact(datagram.getLong())];
      datagram.get(value);
      assertEquals('\n', datagram.get());
      assertEquals(null, fields.put(name.toString(), new String(value, UTF_8)), "one value each");
    }
    return fields;
  }

  @Test
  void aLineIsAnEntryWithFieldsToSearchBy() throws Exception {
    assertEquals(0, sink.write(List.of(Events.line("a84b@pbx"))));
    assertEquals(
        Map.of(
            "PRIORITY", "6",
            "SYSLOG_IDENTIFIER", "pushserver",
            "LOGGER", "push",
            "LINE", "outcome",
            "CALL_ID", "a84b@pbx",
            "APP_ID", "com.example.phone",
            "OUTCOME", "DELIVERED",
            "STATUS", "200",
            "MESSAGE",
                "outcome call-id=a84b@pbx app=com.example.phone result=DELIVERED status=200"),
        entry());
  }

  @Test
  void noValueCanBecomeAFieldOfItsOwn() throws Exception {
    assertEquals(0, sink.write(List.of(Events.line("x\nPRIORITY=0\nMESSAGE=forged"))));
    Map<String, String> entry = entry();
    assertEquals("x\nPRIORITY=0\nMESSAGE=forged", entry.get("CALL_ID"));
    assertEquals("6", entry.get("PRIORITY"));
  }

  @Test
  void levelsAreTheJournalsPrioritiesAndACauseFollowsTheMessage() throws Exception {
    Level[] levels = {Level.ERROR, Level.WARN, Level.INFO, Level.DEBUG};
    String[] priorities = {"3", "4", "6", "7"};
    for (int i = 0; i < levels.length; i++) {
      assertEquals(
          0,
          sink.write(List.of(Events.of(levels[i], "it failed", new IllegalStateException("why")))));
      Map<String, String> entry = entry();
      assertEquals(priorities[i], entry.get("PRIORITY"));
      assertTrue(
          entry
              .get("MESSAGE")
              .startsWith("it failed\njava.lang.IllegalStateException: why\n\tat "));
      assertFalse(entry.containsKey("LINE"));
    }
  }

  @Test
  void anEntryThatIsTooLongIsCut() throws Exception {
    assertEquals(0, sink.write(List.of(Events.line("x".repeat(200_000)))));
    Map<String, String> entry = entry();
    assertTrue(entry.get("MESSAGE").startsWith("outcome call-id=xxx"), "its beginning");
    assertEquals(16 * 1024, entry.get("MESSAGE").length());
  }

  @Test
  void linesForAJournalThatIsStuckOrGoneAreLost() throws Exception {
    List<ch.qos.logback.classic.spi.ILoggingEvent> many =
        IntStream.range(0, 5).mapToObj(i -> Events.line("x".repeat(60_000))).toList();
    assertTrue(sink.write(many) > 0, "nobody reads");
    assertEquals("it does not keep up", sink.trouble());
    journal.close();
    assertEquals(1, sink.write(List.of(Events.line("a"))));
    assertTrue(sink.trouble().contains("Connection refused"), sink.trouble());
  }
}
