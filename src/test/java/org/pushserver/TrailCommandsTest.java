// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.cli.Mistakes;
import org.pushserver.push.AppKey;
import org.pushserver.trail.TokenHash;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailStep;
import org.pushserver.trail.TrailStep.What;
import org.pushserver.trail.WrittenTrail;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** {@code pushserver why} and {@code pushserver calls}, on files that a server has left. */
class TrailCommandsTest {
  private static final long NOON = Instant.parse("2026-11-30T12:00:00Z").toEpochMilli();
  private static final AppKey PHONE = new AppKey("com.example.phone", AppKey.APPLE);
  private static final String BAD_TOKEN =
      "BadDeviceToken - not a token, or one of the other environment (sandbox or production);"
          + " asked was api.push.apple.com";
  private static final String HIGHLIGHT = "\u001b[";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path directory;
  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(directory.resolve("trail"));
  }

  private int run(String... arguments) {
    return commandLine(Ansi.OFF).setOut(new PrintWriter(out)).execute(arguments);
  }

  private CommandLine commandLine(Ansi ansi) {
    return Mistakes.commandLine(new Main())
        .setErr(new PrintWriter(err))
        .setColorScheme(CommandLine.Help.defaultColorScheme(ansi));
  }

  private int why(String... arguments) {
    List<String> words = new ArrayList<>(List.of("why", "--utc", "--trail", folder.toString()));
    words.addAll(List.of(arguments));
    return run(words.toArray(String[]::new));
  }

  private int calls(String... arguments) {
    List<String> words = new ArrayList<>(List.of("calls", "--utc", "--trail", folder.toString()));
    words.addAll(List.of(arguments));
    return run(words.toArray(String[]::new));
  }

  private void written(TrailEntry... entries) throws SQLException {
    try (WrittenTrail file = new WrittenTrail(folder, NOON)) {
      file.put(entries);
    }
  }

  private static TrailEntry entry(
      String callId, long at, TrailEnd end, int code, String reason, List<TrailStep> steps) {
    return new TrailEntry(
        UUID.randomUUID(),
        at,
        at + 90,
        end,
        PHONE,
        "incoming_session",
        callId,
        "sip:alice@example.com",
        "bob@example.com",
        "iphone-12",
        "00112233...",
        TokenHash.of("ab".repeat(32)),
        "192.0.2.7 key pbx",
        code,
        reason,
        1,
        steps,
        "");
  }

  private static List<TrailStep> attempted(long at, int status, String reason) {
    return List.of(
        TrailStep.of(What.ACCEPTED, at, ""),
        new TrailStep(What.ATTEMPT, at + 2, 1, status, reason, 85, "com.example.phone.voip", 3),
        TrailStep.of(What.ENDED, at + 90, ""),
        new TrailStep(What.TOLD, at + 90, 0, status, "the caller", -1, "", 0));
  }

  private static TrailEntry delivered(String callId, long at) {
    return entry(callId, at, TrailEnd.DELIVERED, 200, "", attempted(at, 200, ""));
  }

  private static TrailEntry unknownToken(String callId, long at) {
    return entry(callId, at, TrailEnd.DEAD_TOKEN, 410, BAD_TOKEN, attempted(at, 410, BAD_TOKEN));
  }

  private void assertPrinted(String text) {
    assertTrue(out.toString().contains(text), () -> text + " is not in:\n" + out + err);
  }

  private void assertSaid(String text) {
    assertTrue(err.toString().contains(text), () -> text + " is not in:\n" + err);
  }

  @Test
  void whyShowsEachStepWithItsTimeAndTheCauseAndWhatToDo() throws Exception {
    written(delivered("other@pbx", NOON), unknownToken("a84b4c@pbx", NOON + 1000));
    assertEquals(0, why("a84b4c@pbx"));
    assertPrinted("Call a84b4c@pbx on 2026-11-30, times in UTC: 1 push");
    assertPrinted("bob@example.com, device iphone-12, com.example.phone/apple: dead-token");
    assertPrinted("  12:00:01.000            PBX -->|            incoming_session\n");
    assertPrinted(
        "  12:00:01.002     +2 ms         |--> Apple   attempt 1, com.example.phone.voip,"
            + " connection 3\n");
    assertPrinted("  12:00:01.087    +85 ms         |<-- Apple   410 BadDeviceToken - ");
    assertPrinted("PBX <--|            410");
    assertPrinted("  Apple does not know this token");
    assertPrinted("  Do: ");
    assertPrinted("troubleshooting.md#sandbox-and-production");
    assertFalse(out.toString().contains("other@pbx"), out::toString);
    assertFalse(out.toString().contains(HIGHLIGHT), out::toString);
    assertEquals("", err.toString());
  }

  @Test
  void thePageShowsWhatTheCommandPrints() throws Exception {
    long at = NOON + 1000;
    written(
        new TrailEntry(
            new UUID(1, 2),
            at,
            at + 4290,
            TrailEnd.DELIVERED,
            PHONE,
            "incoming_session",
            "a84b4c@pbx",
            "sip:alice@example.com",
            "bob@example.com",
            "iphone-12",
            "00112233...",
            1,
            "192.0.2.7 key pbx",
            200,
            "",
            1,
            List.of(
                TrailStep.of(What.ACCEPTED, at, ""),
                new TrailStep(What.WAIT, at + 2, 0, 0, "no connection", 4200, "", 0),
                new TrailStep(What.ATTEMPT, at + 4202, 1, 200, "", 85, "com.example.phone.voip", 3),
                TrailStep.of(What.ENDED, at + 4290, ""),
                new TrailStep(What.TOLD, at + 4290, 0, 200, "the caller", -1, "", 0)),
            ""));
    assertEquals(0, why("a84b4c@pbx"));
    StringBuilder shown = new StringBuilder("    $ pushserver why --utc a84b4c@pbx\n");
    out.toString()
        .lines()
        .forEach(line -> shown.append(line.isEmpty() ? "" : "    " + line).append('\n'));
    String page = Files.readString(Path.of("src/docs/audit.md"));
    assertTrue(page.contains(shown), shown::toString);
  }

  @Test
  void whyLooksHowTheOtherPushesOfTheApplicationFared() throws Exception {
    TrailEntry[] before = new TrailEntry[38];
    for (int i = 0; i < before.length; i++) {
      before[i] = unknownToken("before-" + i, NOON + i);
    }
    written(before);
    try (WrittenTrail next = new WrittenTrail(folder, NOON + 500)) {
      next.put(unknownToken("a84b4c@pbx", NOON + 1000));
    }
    assertEquals(0, why("a84b4c@pbx"));
    assertPrinted("Apple does not know this token in production; 38 of the last 38 likewise");
    assertPrinted("built for the sandbox");
  }

  @Test
  void whyShowsEveryPhoneOfTheCallTheFirstOneFirst() throws Exception {
    written(unknownToken("a84b4c@pbx", NOON + 10), delivered("a84b4c@pbx", NOON));
    assertEquals(0, why("a84b4c@pbx"));
    assertPrinted("2 pushes");
    assertTrue(
        out.toString().indexOf(": delivered") < out.toString().indexOf(": dead-token"),
        out::toString);
  }

  @Test
  void noLineIsWiderThanATerminal() throws Exception {
    written(unknownToken("a84b4c@pbx", NOON), delivered("other@pbx", NOON));
    assertEquals(
        0,
        commandLine(Ansi.ON)
            .setOut(new PrintWriter(out))
            .execute("why", "--trail", folder.toString(), "a84b4c@pbx"));
    assertEquals(
        0,
        commandLine(Ansi.ON)
            .setOut(new PrintWriter(out))
            .execute("calls", "--trail", folder.toString()));
    for (String line : out.toString().lines().toList()) {
      String shown = line.replaceAll("\u001b\\[[0-9;]*m", "");
      assertTrue(shown.length() <= TerminalText.USUAL_WIDTH || !shown.strip().contains(" "), shown);
    }
    assertPrinted(HIGHLIGHT);
  }

  @Test
  void whatAStrangerWroteDoesNotSteerTheTerminal() throws Exception {
    TrailEntry hostile =
        entry(
            "a84b4c@pbx",
            NOON,
            TrailEnd.REFUSED,
            400,
            "bad \u001b[2J\u0007 @|red x|@ \u202egnp",
            attempted(NOON, 400, "bad \u001b[2J"));
    written(hostile);
    assertEquals(0, why("a84b4c@pbx"));
    assertEquals(0, calls());
    assertPrinted("bad ?[2J");
    assertFalse(out.toString().matches("(?s).*[\u001b\u0007\u202e].*"), out::toString);
  }

  @Test
  void aCallThatIsNotThereEndsWith1AndAHint() throws Exception {
    written(delivered("other@pbx", NOON));
    assertEquals(1, why("a84b4c@pbx"));
    assertSaid("has no call a84b4c@pbx");
    assertSaid("pushserver calls --since 1h");
    assertEquals("", out.toString());
  }

  @Test
  void whyWithoutACallIdEndsWith2() {
    assertEquals(2, run("why"));
    assertSaid("CALL-ID");
  }

  @Test
  void jsonIsWhatTheApiHas() throws Exception {
    written(unknownToken("a84b4c@pbx", NOON));
    assertEquals(0, why("--json", "a84b4c@pbx"));
    JsonNode push = new ObjectMapper().readTree(out.toString());
    assertEquals("dead-token", push.path("outcome").asText());
    assertEquals("apple-token-bad", push.path("cause").path("id").asText());
    assertTrue(push.path("cause").path("link").asText().endsWith("#sandbox-and-production"));
    assertEquals(85, push.path("steps").path(1).path("took-ms").asInt());
    assertEquals(1, out.toString().lines().count());
  }

  @Test
  void callsListsTheNewestLast() throws Exception {
    written(delivered("one@pbx", NOON), unknownToken("two@pbx", NOON + 61_000));
    assertEquals(0, calls());
    List<String> lines = out.toString().lines().toList();
    assertEquals(3, lines.size(), out::toString);
    assertTrue(
        lines.get(1).matches("11-30 12:00:00 +delivered +90 ms +bob@example.com +one@pbx .*"),
        lines.get(1));
    assertTrue(lines.get(2).startsWith("11-30 12:01:01  dead-token"), lines.get(2));
    assertTrue(lines.get(2).endsWith(BAD_TOKEN), "in a pipe nothing is cut: " + lines.get(2));
  }

  @Test
  void callsObeysItsOptions() throws Exception {
    written(delivered("one@pbx", NOON), unknownToken("two@pbx", NOON + 61_000));
    for (List<String> options :
        List.of(
            List.of("--outcome", "refused,dead-token"),
            List.of("--reason", "baddevicetoken"),
            List.of("--since", "2026-11-30T12:01"),
            List.of("--limit", "1"))) {
      out.getBuffer().setLength(0);
      assertEquals(0, calls(options.toArray(String[]::new)));
      assertTrue(out.toString().contains("two@pbx"), options + "\n" + out);
      assertFalse(out.toString().contains("one@pbx"), options + "\n" + out);
    }
    for (List<String> options :
        List.of(
            List.of("--account", "carol@example.com"),
            List.of("--device", "iphone-13"),
            List.of("--token", "cd".repeat(32)),
            List.of("--app", "com.example.phone/firebase"),
            List.of("--until", "2026-11-30"))) {
      out.getBuffer().setLength(0);
      assertEquals(0, calls(options.toArray(String[]::new)));
      assertEquals("", out.toString(), options::toString);
      assertSaid("Nothing in the trail");
    }
    assertEquals(0, calls("--account", "sip:Bob@example.com;user=phone", "--device", "iphone-12"));
    assertEquals(0, calls("--token", "AB".repeat(32), "--app", "com.example.phone"));
    assertPrinted("one@pbx");
  }

  @Test
  void aWrongOptionEndsWith2() {
    assertEquals(2, calls("--outcome", "lost"));
    assertSaid("there is no outcome 'lost'");
    assertEquals(2, calls("--since", "yesterday"));
    assertSaid("--since must be");
    assertEquals(2, calls("--limit", "0"));
  }

  /** Puts another push into the trail when it has shown the first, and goes away after that. */
  private static final class Reader extends StringWriter {
    private final WrittenTrail trail;
    private int next = 1;

    Reader(WrittenTrail trail) {
      this.trail = trail;
    }

    @Override
    public void flush() {
      if (next < 3 && toString().contains("call-" + (next - 1) + "@pbx")) {
        try {
          trail.put(delivered("call-" + next + "@pbx", NOON + next));
          next++;
        } catch (SQLException e) {
          throw new IllegalStateException(e);
        }
      }
    }

    boolean hasSeenAll() {
      return toString().contains("call-2@pbx");
    }
  }

  @Test
  void followShowsWhatComesOnceUntilNobodyReads() throws Exception {
    try (WrittenTrail trail = new WrittenTrail(folder, NOON)) {
      trail.put(delivered("call-0@pbx", NOON));
      Reader reader = new Reader(trail);
      PrintWriter leaving =
          new PrintWriter(reader) {
            @Override
            public boolean checkError() {
              flush();
              return reader.hasSeenAll();
            }
          };
      int code =
          assertTimeoutPreemptively(
              Duration.ofSeconds(60),
              () ->
                  commandLine(Ansi.OFF)
                      .setOut(leaving)
                      .execute("calls", "--follow", "--trail", folder.toString()));
      assertEquals(0, code);
      String shown = reader.toString();
      for (int i = 0; i < 3; i++) {
        String callId = "call-" + i + "@pbx";
        assertEquals(shown.indexOf(callId), shown.lastIndexOf(callId), shown);
      }
      assertEquals(4, shown.lines().count(), shown);
    }
  }

  private int whyWith(String general) throws IOException {
    Files.writeString(directory.resolve("general.ini"), general);
    return run("why", "--config-dir", directory.toString(), "a84b4c@pbx");
  }

  @Test
  void theConfigurationSaysWhereTheTrailIs() throws Exception {
    written(delivered("a84b4c@pbx", NOON));
    assertEquals(0, whyWith("[server]\nstate_dir = .\ntrail = yes\nwhatever = 1\n"));
    assertPrinted(": delivered");
  }

  @Test
  void onAServerOfAClusterThatCannotBeAskedBothSaySo() throws Exception {
    written(delivered("a84b4c@pbx", NOON));
    Files.writeString(
        directory.resolve("general.ini"),
        "[server]\ntrail = yes\nstate_dir = " + directory + "\n[cluster]\n");
    assertEquals(0, run("why", "--config-dir", directory.toString(), "a84b4c@pbx"));
    assertSaid("only its own pushes are shown");
    err.getBuffer().setLength(0);
    assertEquals(1, run("why", "--config-dir", directory.toString(), "another"));
    assertSaid("only its own pushes are shown");
    err.getBuffer().setLength(0);
    assertEquals(0, run("calls", "--config-dir", directory.toString()));
    assertSaid("only its own pushes are shown");
  }

  @Test
  void aTrailThatIsOffIsSaidToBeOff() throws Exception {
    assertEquals(1, whyWith("[server]\nstate_dir = state\n"));
    assertSaid("the trail is off: set trail = yes");
    assertEquals(1, whyWith("[server]\nstate_dir = state\ntrail = yes\n"));
    assertSaid("has the server run since trail = yes was set");
  }

  @Test
  void aConfigurationThatIsNotThereIsSaidToBeMissing() {
    Path nowhere = directory.resolve("nowhere");
    assertEquals(1, run("calls", "--config-dir", nowhere.toString()));
    assertSaid("this is no directory");
    assertSaid("--trail");
    assertEquals(1, run("calls", "--trail", nowhere.toString()));
    assertSaid("there is no trail in " + nowhere);
  }

  @Test
  void anEmptyTrailIsSaidToBeEmpty() {
    assertEquals(0, calls());
    assertSaid("Nothing in the trail in " + folder + " fits");
    assertEquals(1, why("a84b4c@pbx"));
  }

  @Test
  void timesAreReadInManyForms() {
    Clock clock = Clock.fixed(Instant.ofEpochMilli(NOON), ZoneOffset.ofHours(1));
    assertEquals(NOON - 90_000, TrailWords.time("90s", clock));
    assertEquals(NOON - 1_800_000, TrailWords.time("30m", clock));
    assertEquals(NOON - 3 * 86_400_000L, TrailWords.time("3d", clock));
    assertEquals(NOON - 3_600_000, TrailWords.time("2026-11-30T12:00", clock));
    assertEquals(NOON - 3_600_000, TrailWords.time("2026-11-30 12:00:00", clock));
    assertEquals(NOON, TrailWords.time("2026-11-30T12:00:00Z", clock));
    assertEquals(NOON - 13 * 3_600_000, TrailWords.time("2026-11-30", clock));
  }

  @Test
  void aTrailThatThisUserMayNotReadIsSaidToBeSo() throws Exception {
    Path hidden = Files.createDirectory(directory.resolve("hidden"));
    Files.setPosixFilePermissions(hidden, Set.of());
    try {
      boolean isRoot = Files.isReadable(hidden);
      assertEquals(isRoot ? 0 : 1, run("calls", "--trail", hidden.toString()));
      assertSaid(
          isRoot ? "Nothing in the trail" : "Run this as root, or as the user of the server");
    } finally {
      Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rwx------"));
    }
  }
}
