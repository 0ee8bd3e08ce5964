// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.cli.Mistakes;
import org.pushserver.push.AppKey;
import org.pushserver.trail.TokenHash;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailJson;
import org.pushserver.trail.TrailStep;
import org.pushserver.trail.TrailStep.What;
import org.pushserver.trail.WrittenTrail;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** {@code pushserver why} and {@code pushserver calls}, which ask a server of a cluster. */
@Timeout(60)
class RemoteTrailIT {
  private static final long NOON = Instant.parse("2026-11-30T12:00:00Z").toEpochMilli();
  private static final TrailJson.Cause CAUSE =
      new TrailJson.Cause("apple-took-it", "Apple took it", "Nothing.", "/page.md#anchor");

  /**
   * @param isCut whether the connection breaks before its end
   */
  private record Answer(int status, String body, boolean isCut) {
    Answer(int status, String body) {
      this(status, body, false);
    }
  }

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  @TempDir Path directory;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.add(
        exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("Authorization"));
    Answer answer =
        answers.getOrDefault(
            exchange.getRequestURI().getRawPath(), new Answer(404, "{\"description\":\"none\"}"));
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length + (answer.isCut() ? 1 : 0));
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private int run(String... arguments) {
    CommandLine line =
        Mistakes.commandLine(new Main())
            .setErr(new PrintWriter(err))
            .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
            .setOut(new PrintWriter(out));
    return line.execute(arguments);
  }

  private static TrailEntry entry(String callId, TrailEnd end, String node) {
    return new TrailEntry(
        UUID.randomUUID(),
        NOON,
        end == null ? 0 : NOON + 90,
        end,
        new AppKey("com.example.phone", AppKey.APPLE),
        "incoming_session",
        callId,
        "\"Zoë\" <sip:zoe@example.com>",
        "bob@example.com",
        "iphone-12",
        "00112233...",
        TokenHash.of("ab".repeat(32)),
        "192.0.2.7 key=pbx",
        end == null ? 0 : 200,
        "",
        1,
        List.of(
            TrailStep.of(What.ACCEPTED, NOON, "it came in at server n1"),
            new TrailStep(What.ATTEMPT, NOON + 2, 1, 200, "", 85, "com.example.phone.voip", 3)),
        node);
  }

  private static String page(List<TrailEntry> entries, String notes) {
    List<String> pushes =
        entries.stream()
            .map(entry -> TrailJson.of(entry, CAUSE).toString(StandardCharsets.UTF_8))
            .toList();
    return "{\"pushes\":["
        + String.join(",", pushes)
        + "],\"next\":\"\",\"notes\":["
        + notes
        + "]}";
  }

  private void assertPrinted(String text) {
    assertTrue(out.toString().contains(text), () -> text + " is not in:\n" + out + err);
  }

  private void assertSaid(String text) {
    assertTrue(err.toString().contains(text), () -> text + " is not in:\n" + err);
  }

  @Test
  void whyTellsWhatAServerKnowsOfAllAndAtWhichItIs() {
    answers.put(
        "/v3/calls/a%2Fb%40pbx",
        new Answer(
            200,
            page(
                List.of(entry("a/b@pbx", TrailEnd.DELIVERED, "n2"), entry("a/b@pbx", null, "n1")),
                "\"Server n3 is missing here: it does not answer\"")));
    assertEquals(0, run("why", "--utc", "--url", url(), "--api-key", "secret", "a/b@pbx"));
    assertPrinted("2 pushes");
    assertPrinted("at server n2");
    assertPrinted("it came in at server n1");
    assertPrinted(": waiting");
    assertPrinted("Apple took it");
    assertSaid("Server n3 is missing here");
    assertEquals(List.of("/v3/calls/a%2Fb%40pbx Bearer secret"), asked);
  }

  @Test
  void whatIsReadIsWhatWasWritten() {
    TrailEntry entry = entry("c1", TrailEnd.DELIVERED, "n2");
    answers.put("/v3/calls/c1", new Answer(200, page(List.of(entry), "")));
    assertEquals(0, run("why", "--json", "--url", url(), "c1"));
    String link = "/usr/share/doc/pushserver/troubleshooting.md#anchor";
    TrailJson.Cause shown = new TrailJson.Cause(CAUSE.id(), CAUSE.sentence(), CAUSE.next(), link);
    assertEquals(
        TrailJson.of(entry, shown).toString(StandardCharsets.UTF_8), out.toString().strip());
  }

  @Test
  void aCallThatNoServerHasEndsWith1AndWhatTheServerSaid() {
    String said = "There is no push of call-id 'c1' that you may see";
    answers.put("/v3/calls/c1", new Answer(404, "{\"description\":\"" + said + "\"}"));
    assertEquals(1, run("why", "--url", url(), "c1"));
    assertSaid(said);
    assertEquals("", out.toString());
  }

  @Test
  void callsAsksForWhatItsOptionsSayAndNamesTheServers() {
    answers.put(
        "/v3/pushes", new Answer(200, page(List.of(entry("c1", TrailEnd.DELIVERED, "n2")), "")));
    assertEquals(
        0,
        run(
            "calls",
            "--url",
            url(),
            "--account",
            "bob@example.com",
            "--outcome",
            "refused",
            "--limit",
            "7"));
    assertPrinted("server");
    assertTrue(
        out.toString().lines().anyMatch(line -> line.matches(".*delivered +90 ms +n2 .*c1.*")),
        out::toString);
    assertEquals(
        List.of("/v3/pushes?account=bob%40example.com&outcome=refused&limit=7 null"), asked);
  }

  @Test
  void followGoesOnWithWhatComesUntilTheServerEnds() {
    answers.put("/v3/pushes", new Answer(200, page(List.of(), "")));
    String event =
        TrailJson.of(entry("c2", TrailEnd.DELIVERED, "n1"), CAUSE).toString(StandardCharsets.UTF_8);
    answers.put(
        "/v3/events",
        new Answer(
            200,
            "retry: 3000\n\n: you are connected\n\nevent: push\ndata: "
                + event
                + "\n\nevent: note\ndata: {\"note\":\"Server n2 is missing here\"}\n\n"
                + "event: other\ndata: {}\n\n"));
    assertEquals(0, run("calls", "--follow", "--url", url()));
    assertPrinted("c2");
    assertSaid("Server n2 is missing here");
  }

  @Test
  void aServerThatWantsAKeyOrIsNotThereIsSaidToBeSo() throws IOException {
    answers.put("/v3/calls/c1", new Answer(401, "{\"description\":\"An API key is needed\"}"));
    assertEquals(1, run("why", "--url", url(), "c1"));
    assertSaid("--api-key, or PUSHSERVER_API_KEY");
    err.getBuffer().setLength(0);
    assertEquals(1, run("calls", "--url", "nonsense"));
    assertSaid("--url must be such as");
    err.getBuffer().setLength(0);
    String url = url();
    stop();
    assertEquals(1, run("why", "--url", url, "c1"));
    assertSaid("does not answer");
  }

  private void member(String admin) throws Exception {
    Files.writeString(
        directory.resolve("general.ini"),
        "[server]\ntrail = yes\nstate_dir = " + directory + "\n" + admin + "[cluster]\n");
    Path folder = Files.createDirectory(directory.resolve("trail"));
    try (WrittenTrail file = new WrittenTrail(folder, NOON)) {
      file.put(entry("own", TrailEnd.DELIVERED, ""));
    }
  }

  @Test
  void onAMemberItsAdminPortIsAskedAndItsFilesWhenThatDoesNotAnswer() throws Exception {
    member("admin_port = " + server.getAddress().getPort() + "\n");
    answers.put("/v3/calls/own", new Answer(200, page(List.of(entry("own", null, "n2")), "")));
    assertEquals(0, run("why", "--config-dir", directory.toString(), "own"));
    assertPrinted("at server n2");
    assertFalse(err.toString().contains("only its own"), err::toString);
    stop();
    out.getBuffer().setLength(0);
    assertEquals(0, run("why", "--config-dir", directory.toString(), "own"));
    assertPrinted(": delivered");
    assertSaid("only its own pushes are shown");
  }

  @Test
  void whenAServerDiesThatIsFollowedItIsSaidAndNothingToldTwice() throws Exception {
    member("admin_port = " + server.getAddress().getPort() + "\n");
    answers.put(
        "/v3/pushes", new Answer(200, page(List.of(entry("c1", TrailEnd.DELIVERED, "n2")), "")));
    answers.put("/v3/events", new Answer(200, "retry: 3000\n\n", true));
    assertEquals(1, run("calls", "--follow", "--config-dir", directory.toString()));
    assertPrinted("c1");
    assertFalse(out.toString().contains("own"), out::toString);
    assertSaid("the server tells no more");
  }
}
