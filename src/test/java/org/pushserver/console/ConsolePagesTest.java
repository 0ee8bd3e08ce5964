// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.MultiMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.fake.MemoryTokenStore;
import org.pushserver.fake.MemoryTrail;
import org.pushserver.push.AppKey;
import org.pushserver.tokens.StoredToken;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailNote;
import org.pushserver.trail.TrailStep;
import org.pushserver.trail.TrailStep.What;

/** What strangers send never becomes a part of a page. */
class ConsolePagesTest {
  private static final String SCRIPT = "<script>alert(\"1\")</script>'&`=";

  private final HtmlTemplates templates = new HtmlTemplates();
  private final MemoryTrail trail = new MemoryTrail();

  private String render(ConsolePage page, String... query) {
    MultiMap asked = MultiMap.caseInsensitiveMultiMap();
    for (int i = 0; i < query.length; i += 2) {
      asked.add(query[i], query[i + 1]);
    }
    ConsolePage.View view = page.view(ConsoleReader.OPERATOR, asked).result();
    return templates
        .fill(
            view.template(),
            view.model().make(),
            Frame.of(view.title(), "/console", ConsoleReader.OPERATOR))
        .toString();
  }

  private TrailEntry hostile(String text) {
    TrailEntry entry =
        TrailSamples.entry(
            ConsoleDoor.PHONE,
            text,
            text,
            text,
            TrailSamples.BEGIN,
            TrailEnd.REFUSED,
            400,
            text,
            List.of(
                TrailStep.of(What.ACCEPTED, TrailSamples.BEGIN, text),
                new TrailStep(What.ATTEMPT, TrailSamples.BEGIN, 1, 400, text, 1, text, 1),
                TrailStep.of(What.TOLD, TrailSamples.BEGIN, text)));
    trail.put(entry);
    return entry;
  }

  /** Of a device that calls all it has so. */
  private AccountPage account(String text) {
    return account(text, "");
  }

  private AccountPage account(String text, String server) {
    MemoryTokenStore tokens = new MemoryTokenStore();
    AppKey app = new AppKey("app" + text, "platform" + text);
    await(tokens.add(new StoredToken("bob", app, text, text, text, true, text, 1, 1)));
    return new AccountPage(tokens, server);
  }

  private List<String> pagesOf(TrailEntry entry) {
    return List.of(
        render(account(entry.callId()), "account", "bob"),
        render(new SearchPage(trail, ConsoleDoor.applications(), true)),
        render(new SearchPage(trail, ConsoleDoor.applications(), true), "q", entry.callId()),
        render(new LivePage(trail, ConsoleDoor.applications())),
        render(new CallPage(trail), "call-id", entry.callId()),
        render(new PushPage(trail), "id", entry.id().toString(), "at", Long.toString(entry.at())));
  }

  @Test
  void markupIsShownAndNotObeyed() {
    for (String page : pagesOf(hostile(SCRIPT))) {
      assertFalse(page.contains("<script>"), page);
      assertFalse(page.contains("alert(\""), page);
      assertTrue(page.contains("&lt;script&gt;"), page);
    }
  }

  @Test
  void thePushOfAnIdIsFoundInTheBox() {
    TrailEntry entry = hostile("known");
    String page =
        render(new SearchPage(trail, ConsoleDoor.applications(), true), "q", entry.id().toString());
    assertTrue(page.contains("1 push found, by id"), page);
    assertTrue(page.contains("data-id=\"" + entry.id()), page);
    assertTrue(
        render(new SearchPage(trail, ConsoleDoor.applications(), true), "id", "none")
            .contains("This is no id of a push"));
  }

  @Test
  void whatIsNotFoundComesWithTheServersThatDidNotAnswer() {
    String note = "Server n2 is missing here: it does not answer";
    trail.remark(note);
    assertTrue(render(new CallPage(trail), "call-id", "none").contains(note));
    assertTrue(render(new PushPage(trail), "id", "none", "at", "1").contains(note));
    TrailEntry entry = hostile("known");
    String at = Long.toString(entry.at());
    assertTrue(render(new PushPage(trail), "id", entry.id().toString(), "at", at).contains(note));
  }

  @Test
  void devicesThatOneServerAloneHasAreShownAsItsOwn() {
    assertTrue(
        render(account("phone", "n<1"), "account", "bob")
            .contains("Stored at server n&lt;1 alone"));
    assertFalse(render(account("phone"), "account", "bob").contains("Stored at server"));
  }

  @Test
  void whatAReaderHasTypedComesBackAsText() {
    String page =
        render(
            new SearchPage(trail, ConsoleDoor.applications(), true),
            "q",
            "\"><script>x</script>",
            "outcome",
            "\"><b>",
            "from",
            "\"><i>");
    assertFalse(page.contains("<script>x"), page);
    assertFalse(page.contains("<b>"), page);
    assertFalse(page.contains("<i>"), page);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u202egnp.exe", "a\nb", "a\u0000b", "a\u2028b", "\ud800x", "a\u2066b"})
  void whatDoesNotPrintIsShownAsItsNumber(String text) {
    for (String whole : pagesOf(hostile(text))) {
      // A field has what the reader typed.
      String page = whole.replaceAll("(?s) value=\"[^\"]*\"", "");
      text.chars()
          .filter(c -> (c > '~' || c < ' ') && c != '\n')
          .forEach(c -> assertTrue(page.indexOf(c) < 0, page));
    }
    assertEquals("\\u202eabc", Excerpt.of("\u202eabc").text());
    assertEquals("a\\nb", Excerpt.of("a\nb").text());
  }

  @Test
  void aLongTextIsCutAndTheWholeIsThere() {
    String text = "x".repeat(10_000);
    for (String page : pagesOf(hostile(text))) {
      assertTrue(page.contains(">" + "x".repeat(64) + "…<"), "cut");
      assertTrue(page.contains(text), "whole");
    }
    assertTrue(Excerpt.of("y".repeat(100_000)).whole().length() < 10_100);
    assertFalse(Excerpt.of("y".repeat(64)).isCut());
  }

  /** Each kind of step has its words, and stands between those whom it concerns. */
  @Test
  void aLadderHasEveryKindOfStep() {
    for (What what : What.values()) {
      TrailStep step = new TrailStep(what, TrailSamples.BEGIN, 1, 200, "text", 1234, "topic", 2);
      List<LadderStep> ladder =
          Ladder.of(
              List.of(
                  TrailSamples.entry(
                      ConsoleDoor.PHONE,
                      "c",
                      "d",
                      "f",
                      TrailSamples.BEGIN,
                      TrailEnd.DELIVERED,
                      200,
                      "",
                      List.of(step))));
      assertTrue(ladder.get(0).style().matches("lane-[1-4]-[1-4] (on|back|here) [a-z ]+"));
      assertFalse(ladder.get(0).text().isEmpty());
    }
  }

  @Test
  void aDeliveredPushSaysThatThePhoneHasNotAnsweredUntilItHas() {
    TrailEntry silent = TrailSamples.delivered(ConsoleDoor.PHONE, "c1", "d", TrailSamples.BEGIN);
    List<LadderStep> steps = Ladder.of(List.of(silent));
    assertTrue(steps.stream().anyMatch(step -> step.style().contains("unknown")));
    trail.put(silent);
    trail.note(
        new TrailNote(
            silent.id(),
            ConsoleDoor.PHONE,
            "c1",
            new TrailStep(What.WOKEN, TrailSamples.BEGIN + 2100, 0, 0, "", 2100, "", 0)));
    String page = render(new CallPage(trail), "call-id", "c1");
    assertTrue(page.contains("woke up after 2.1 s"), page);
    assertFalse(page.contains("has not told whether"), page);
  }

  @Test
  void spansAreInWordsThatFitThem() {
    assertEquals("43 ms", Moment.span(43));
    assertEquals("2.1 s", Moment.span(2100));
    assertEquals("3 min 20 s", Moment.span(200_000));
    assertEquals("2 h 0 min", Moment.span(7_200_000));
    assertEquals("1 d 1 h", Moment.span(90_000_000));
  }
}
