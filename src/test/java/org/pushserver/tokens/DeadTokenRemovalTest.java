// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import ch.qos.logback.classic.Level;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushserver.events.Application;
import org.pushserver.events.Attempt;
import org.pushserver.events.PushListener;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.MemoryTokenStore;
import org.pushserver.push.Answer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.queue.KeptPush;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Payload;
import org.pushserver.spi.SamplePush;
import org.pushserver.spi.TokenForm;
import org.pushserver.sylk.SylkApplication;
import org.pushserver.wire.PushBytes;

class DeadTokenRemovalTest {
  private static final AppKey APP = new AppKey("com.example.phone", AppKey.APPLE);
  private static final String BOB = "bob@example.com";
  private static final long DAY = TimeUnit.DAYS.toMillis(1);
  private static final long SENT = ManualTime.START;
  private static final Response SAID = new Response(410, "Unregistered", "", "{}");
  private static final Answer DELIVERED = new Answer.Delivered(new Response(200, "", "", "{}"));
  private static final Answer UNKNOWN = new Answer.DeadToken(SAID);

  private final ManualTime time = new ManualTime();
  private final MemoryTokenStore store = new MemoryTokenStore();
  private final DeadTokenRemoval removal = new DeadTokenRemoval(store, time);
  private final PushListener listener =
      removal.of(new Application(APP, "phone-ios", new SylkApplication(), Delivery.DEFAULT));
  private final LogTrail log = new LogTrail("org.pushserver.tokens");

  @AfterEach
  void close() {
    removal.close();
    log.close();
  }

  private static StoredToken stored(String token, String background, long at) {
    return new StoredToken(BOB, APP, "id-" + token, token, background, true, null, at, at);
  }

  private void add(String token, long at) {
    await(store.add(stored(token, null, at)));
  }

  private static Push push(String token, Object asker) {
    Push sample = SamplePush.of(Event.INCOMING_SESSION).push();
    return new Push(
        UUID.randomUUID(),
        APP,
        new Device(token, null),
        sample.event(),
        "call@example.com",
        sample.details(),
        SENT,
        SENT + 64_000,
        null,
        asker);
  }

  private static Attempt attempt(Answer answer) {
    return attempt(answer, SENT);
  }

  private static Attempt attempt(Answer answer, long at) {
    return new Attempt(1, new Payload(Map.of(), Buffer.buffer()), answer, null, at, 1_000_000);
  }

  private static Answer gone(long since) {
    return new Answer.DeadToken(SAID, true, since);
  }

  private void attempted(String token, Answer answer) {
    listener.attempted(push(token, null), attempt(answer));
  }

  private List<String> left() {
    return store.stored().stream().map(StoredToken::token).toList();
  }

  @Test
  void aDeadTokenGoesWhicheverWayItWasFound() {
    add("by-attempt", SENT - DAY);
    add("late", SENT - DAY);
    add("repeated", SENT - DAY);
    add("stays", SENT - DAY);
    attempted("by-attempt", gone(0));
    listener.late(push("late", null), attempt(gone(0)));
    listener.repeated(push("repeated", null), attempt(gone(0)));
    assertEquals(List.of("stays"), left());
    assertEquals(3, removal.removed());
    assertEquals(0, removal.waiting());
  }

  @Test
  void aPhoneWhoseTokenForMessagesIsDeadStillRings() {
    await(store.add(stored("for-calls", "for-messages", SENT - DAY)));
    attempted("for-messages", gone(0));
    assertEquals(List.of(stored("for-calls", "", SENT - DAY)), store.stored());
    assertEquals(1, removal.removed());
    attempted("for-messages", gone(0));
    assertEquals(1, removal.removed());
  }

  @Test
  void theTokenForCallsTakesTheRecordOfItsPhoneAlong() {
    await(store.add(stored("for-calls", "for-messages", SENT - DAY)));
    attempted("for-calls", gone(0));
    assertEquals(List.of(), left());
  }

  @Test
  void aPhoneWithoutATokenForCallsGoesWithItsOnlyOne() {
    await(store.add(stored("for-messages", "for-messages", SENT - DAY)));
    attempted("for-messages", gone(0));
    assertEquals(List.of(), left());
  }

  @Test
  void aTokenForMessagesThatIsRegisteredAgainIsThereAgain() {
    await(store.add(stored("for-calls", "for-messages", SENT - DAY)));
    attempted("for-messages", gone(SENT - DAY / 2));
    StoredToken again = stored("for-calls", "for-messages", SENT);
    await(store.add(again));
    attempted("for-messages", gone(SENT - DAY / 2));
    assertEquals(List.of(again), store.stored(), "it was found dead before it registered");
  }

  @Test
  void whatWasRegisteredAfterTheServiceFoundItDeadStays() {
    add("renewed", SENT - DAY);
    attempted("renewed", gone(SENT - 2 * DAY));
    assertEquals(List.of("renewed"), left());
    attempted("renewed", gone(SENT - DAY / 2));
    assertEquals(List.of(), left());
  }

  @Test
  void whereTheServiceDoesNotSaySinceWhenWhatWasRegisteredAfterThePushStays() {
    add("renewed", SENT + 1);
    attempted("renewed", gone(0));
    attempted("renewed", gone(SENT + DAY));
    assertEquals(List.of("renewed"), left(), "nor does a service whose clock is ahead");
  }

  @Test
  void anAnswerThatIsNoneAndEveryOtherRefusalLeaveTheStoreAlone() {
    add("stays", SENT - DAY);
    attempted("stays", new Answer.Refused(SAID, Answer.Fault.PUSH));
    attempted("stays", new Answer.Later(SAID, Duration.ZERO, false));
    Payload payload = new Payload(Map.of(), Buffer.buffer());
    listener.attempted(
        push("stays", null), new Attempt(1, payload, null, new NotSentException("no"), SENT, 1));
    assertEquals(List.of("stays"), left());
    assertEquals(List.of(), store.saidDead());
  }

  @Test
  void theStoreIsToldWhereToLook() {
    attempted("called", gone(0));
    StoredToken known = stored("of-account", null, SENT);
    listener.attempted(push("of-account", new DeviceAsker("10.0.0.1", known)), attempt(gone(0)));
    assertEquals(List.of(BOB, BOB), store.saidDead().stream().map(DeadDevice::account).toList());
    assertNull(store.saidDead().get(0).deviceId());
    assertEquals("id-of-account", store.saidDead().get(1).deviceId());
  }

  @Test
  void whatIsStoredUnderAFurtherNameOfTheApplicationGoes() {
    AppKey further = new AppKey("com.example.phone.voip", AppKey.APPLE);
    StoredToken known =
        new StoredToken(BOB, further, "id", "token", null, true, null, SENT - DAY, SENT - DAY);
    await(store.add(known));
    listener.attempted(push("token", new DeviceAsker("10.0.0.1", known)), attempt(gone(0)));
    assertEquals(List.of(), left());
  }

  @Test
  void whatAPlainPushFindsDeadGoesUnderEachNameOfTheApplication() {
    AppKey further = new AppKey("com.example.phone.voip", AppKey.APPLE);
    PushListener named =
        removal.of(
            new Application(
                APP,
                "phone-ios",
                new SylkApplication(),
                Delivery.DEFAULT,
                TokenForm.PRINTABLE,
                false,
                Set.of(further.appId())));
    AppKey another = new AppKey("com.example.chat", AppKey.APPLE);
    StoredToken other = new StoredToken(BOB, another, "id", "token", null, true, null, 1, 1);
    await(store.add(new StoredToken(BOB, further, "id", "token", null, true, null, 1, 1)));
    await(store.add(other));
    named.attempted(push("token", null), attempt(gone(0)));
    assertEquals(List.of(other), store.stored());
  }

  /** From the spool, or from another server of the cluster: the device as it was stored is not. */
  @Test
  void whatAPushFindsDeadThatHasBeenBytesGoesAsThatOfAnyOther() throws Exception {
    StoredToken known = stored("of-account", null, SENT - DAY);
    StoredToken two = stored("for-calls", "for-messages", SENT - DAY);
    await(store.add(known));
    await(store.add(two));
    for (StoredToken device : List.of(known, two)) {
      String token = device.background() == null ? device.token() : device.background();
      Push push = push(token, new DeviceAsker("10.0.0.1", device.with("carol@example.com")));
      KeptPush kept = new KeptPush(push, 1, false);
      Push spooled = PushBytes.read(PushBytes.dated(kept), SENT).push();
      listener.attempted(spooled, attempt(gone(0)));
    }
    assertEquals(List.of(stored("for-calls", "", SENT - DAY)), store.stored());
    assertEquals(
        List.of("carol@example.com", "carol@example.com"),
        store.saidDead().stream().map(DeadDevice::account).toList());
    StoredToken renewed = stored("of-account", null, SENT + 1);
    await(store.add(renewed));
    KeptPush late = new KeptPush(push("of-account", new DeviceAsker("10.0.0.1", known)), 1, false);
    listener.late(
        PushBytes.read(PushBytes.timed(late, SENT), SENT).push(), attempt(gone(SENT - DAY)));
    assertTrue(store.stored().contains(renewed));
  }

  @Test
  void aDeviceThatAPushReachedThatHasBeenBytesWasSeen() throws Exception {
    StoredToken device = stored("token", null, SENT - 3 * DAY);
    await(store.add(device));
    await(store.add(stored("another", null, SENT - 3 * DAY)));
    KeptPush kept = new KeptPush(push("token", new DeviceAsker("10.0.0.1", device)), 1, false);
    Push spooled = PushBytes.read(PushBytes.dated(kept), SENT).push();
    store.fail("it is away");
    listener.attempted(spooled, attempt(DELIVERED));
    store.fail("");
    assertEquals(SENT - 3 * DAY, store.stored().get(0).lastSeen());
    listener.attempted(spooled, attempt(DELIVERED));
    assertEquals(SENT, store.stored().get(0).lastSeen());
    assertEquals(SENT - 3 * DAY, store.stored().get(1).lastSeen(), "of whom it was not asked");
  }

  @Test
  void aDeviceThatManyPushesReachWhichHaveBeenBytesIsLookedUpOnceADay() throws Exception {
    StoredToken device = stored("token", null, SENT - 3 * DAY);
    await(store.add(device));
    KeptPush kept = new KeptPush(push("token", new DeviceAsker("10.0.0.1", device)), 1, false);
    Push spooled = PushBytes.read(PushBytes.dated(kept), SENT).push();
    listener.attempted(spooled, attempt(DELIVERED));
    listener.attempted(spooled, attempt(DELIVERED));
    listener.late(spooled, attempt(DELIVERED));
    assertEquals(1, store.lookUps());
    listener.attempted(spooled, attempt(DELIVERED, SENT + DAY));
    assertEquals(2, store.lookUps());
    assertEquals(SENT + DAY, store.stored().get(0).lastSeen());
  }

  @Test
  void whileTheStoreIsAwayOneTokenOfTwoAccountsWaitsForBoth() {
    store.fail("it is away");
    for (String account : List.of(BOB, "alice@example.com")) {
      StoredToken device = stored("token", null, SENT - DAY).with(account);
      listener.attempted(push("token", new DeviceAsker("10.0.0.1", device)), attempt(gone(0)));
    }
    assertEquals(2, removal.waiting());
    store.fail("");
    time.advance(Duration.ofMillis(DeadTokenQueue.LONGEST_PAUSE_MS));
    assertEquals(
        Set.of(BOB, "alice@example.com"),
        store.saidDead().stream().map(DeadDevice::account).collect(Collectors.toSet()));
  }

  @Test
  void whileTheStoreIsAwayDeadTokensWaitAndGoLater() {
    add("one", SENT - DAY);
    add("two", SENT - DAY);
    store.fail("its disk is full");
    attempted("one", gone(0));
    attempted("two", gone(0));
    attempted("two", gone(0));
    time.advance(Duration.ofMinutes(10));
    assertEquals(2, removal.waiting());
    store.fail("");
    time.advance(Duration.ofMillis(DeadTokenQueue.LONGEST_PAUSE_MS));
    assertEquals(List.of(), left());
    assertEquals(0, removal.waiting());
  }

  @Test
  void whatDoesNotFitIsForgottenAndToldOnce() {
    store.fail("its disk is full");
    for (int i = 0; i < DeadTokenQueue.MOST + 10; i++) {
      attempted("token-" + i, gone(0));
    }
    assertEquals(DeadTokenQueue.MOST, removal.waiting());
    assertEquals(10, removal.forgotten());
    assertEquals(1, log.lines(Level.WARN).size());
    assertTrue(log.lines(Level.WARN).get(0).contains("its disk is full"));
  }

  @Test
  void aServerThatStopsAsksTheStoreNothingMore() {
    add("stays", SENT - DAY);
    store.fail("away");
    attempted("stays", gone(0));
    removal.close();
    store.fail("");
    time.advance(Duration.ofHours(1));
    attempted("stays", gone(0));
    assertEquals(List.of("stays"), left());
  }

  @Test
  void whenTheServiceKnowsNoneOfAnApplicationsTokensAllStayAndTheOperatorIsToldOnce() {
    for (int i = 0; i < 60; i++) {
      add("token-" + i, SENT - DAY);
    }
    for (int i = 0; i < 60; i++) {
      attempted("token-" + i, UNKNOWN);
    }
    assertEquals(60, left().size());
    assertEquals(List.of(APP), removal.keeping());
    assertTrue(removal.problem().startsWith("dead tokens of com.example.phone/apple stay"));
    assertEquals(1, log.lines(Level.WARN).size());
    assertTrue(log.lines(Level.WARN).get(0).startsWith("com.example.phone/apple: "));
    attempted("good", DELIVERED);
    assertEquals(1, log.lines(Level.INFO).size(), "that it is over");
    assertEquals(List.of(), removal.keeping());
    assertEquals("", removal.problem());
    assertEquals(60, left().size(), "nothing goes by itself afterwards");
    attempted("token-7", UNKNOWN);
    assertEquals(59, left().size());
  }

  @Test
  void anotherApplicationIsJudgedByItsOwnPushes() {
    AppKey chat = new AppKey("com.example.chat", AppKey.APPLE);
    PushListener other =
        removal.of(new Application(chat, "chat-ios", new SylkApplication(), Delivery.DEFAULT));
    for (int i = 0; i < 60; i++) {
      attempted("token-" + i, UNKNOWN);
    }
    other.left();
    assertEquals(List.of(APP), removal.keeping());
    listener.left();
    assertEquals(List.of(), removal.keeping());
  }

  @Test
  void aDeviceOfAnAccountThatWasReachedWasSeen() {
    StoredToken device = stored("token", null, SENT - 3 * DAY);
    await(store.add(device));
    attempted("token", DELIVERED);
    assertEquals(SENT - 3 * DAY, store.stored().get(0).lastSeen(), "of /push nothing is noted");
    listener.attempted(push("token", new DeviceAsker("10.0.0.1", device)), attempt(DELIVERED));
    assertEquals(SENT, store.stored().get(0).lastSeen());
    StoredToken other = stored("other", null, SENT - 3 * DAY);
    await(store.add(other));
    listener.attempted(push("token", new DeviceAsker("10.0.0.1", other)), attempt(DELIVERED));
    assertEquals(SENT - 3 * DAY, store.stored().get(1).lastSeen(), "of whom it was not asked");
  }

  @Test
  void whoAskedForAPushIsToldWithoutTheDevice() {
    assertEquals(
        "10.0.0.1", push("token", new DeviceAsker("10.0.0.1", stored("t", null, 0))).sender());
  }
}
