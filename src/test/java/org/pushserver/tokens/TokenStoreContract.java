// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.awaitAll;
import static org.pushserver.fake.Await.until;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.push.AppKey;
import org.pushserver.tokens.TokenStore.Removal;

/**
 * What every store does. A store's test extends it and says in which points, that are left to the
 * store, it does less.
 */
abstract class TokenStoreContract {
  protected static final AppKey APPLE = new AppKey("com.example.phone", AppKey.APPLE);
  protected static final AppKey ANDROID = new AppKey("com.example.phone", AppKey.FIREBASE);
  protected static final AppKey OTHER_APP = new AppKey("com.example.chat", AppKey.FIREBASE);
  protected static final String ALICE = "alice@example.com";
  protected static final String BOB = "bob@example.com";
  protected static final long HOUR = TimeUnit.HOURS.toMillis(1);
  protected static final long DAY = TimeUnit.DAYS.toMillis(1);

  /** A whole millisecond of these days: a store may have a clock of its own. */
  protected static final long NOW = System.currentTimeMillis();

  protected TokenStore store;

  /** An empty one; called before each test. */
  protected abstract TokenStore open() throws Exception;

  /** Whether it finds a token under another account, too. */
  protected boolean searchesByToken() {
    return true;
  }

  /** Whether the domains of accounts count in any case. */
  protected boolean ignoresCaseOfDomains() {
    return true;
  }

  /** Whether an account may be a user alone. */
  protected boolean takesAccountsWithoutDomain() {
    return true;
  }

  /** Whether it has {@code storedAt} as it was given, also 0. */
  protected boolean keepsStoredAt() {
    return true;
  }

  /** Whether it has {@code lastSeen}. */
  protected boolean keepsLastSeen() {
    return true;
  }

  /** Whether it counts accounts. */
  protected boolean countsAccounts() {
    return true;
  }

  @BeforeEach
  void openStore() throws Exception {
    store = open();
  }

  @AfterEach
  void closeStore() {
    if (store != null) {
      await(store.close());
    }
  }

  protected static StoredToken device(String account, AppKey app, String deviceId, String token) {
    return new StoredToken(account, app, deviceId, token, null, true, "Phone/1.0", NOW, NOW);
  }

  protected static StoredToken storedAt(StoredToken token, long at) {
    return new StoredToken(
        token.account(),
        token.app(),
        token.deviceId(),
        token.token(),
        token.background(),
        token.silent(),
        token.userAgent(),
        at,
        at);
  }

  /** Without what a store may lack. */
  private StoredToken comparable(StoredToken one) {
    return new StoredToken(
        one.account(),
        one.app(),
        one.deviceId(),
        one.token(),
        one.background(),
        one.silent(),
        one.userAgent(),
        keepsStoredAt() ? one.storedAt() : 0,
        keepsLastSeen() ? one.lastSeen() / DAY : 0);
  }

  private List<StoredToken> comparable(List<StoredToken> all) {
    return all.stream().map(this::comparable).toList();
  }

  protected void add(StoredToken... tokens) {
    for (StoredToken token : tokens) {
      await(store.add(token));
    }
  }

  protected void has(String account, StoredToken... expected) {
    assertEquals(comparable(List.of(expected)), comparable(await(store.devices(account))));
  }

  @Test
  void whatIsAddedIsThereAsItWasGiven() {
    StoredToken apple =
        new StoredToken(ALICE, APPLE, "phone-1", "aa11", "bb22", false, "Phone/1.0", NOW, NOW);
    StoredToken android =
        new StoredToken(ALICE, ANDROID, "phone-2", "cc:33_x-Y", null, true, null, NOW, NOW);
    add(apple, android);
    has(ALICE, apple, android);
    has(BOB);
  }

  @Test
  void anAccountThatNobodyKnowsHasNoDevice() {
    has("nobody@example.com");
    add(device(BOB, APPLE, "phone-1", "token-1"));
    has("nobody@example.com");
  }

  @Test
  void anAccountThatHadNoneHasTheDeviceThatIsAddedAfterwards() {
    has(ALICE);
    add(device(ALICE, APPLE, "phone-1", "token-1"));
    has(ALICE, device(ALICE, APPLE, "phone-1", "token-1"));
  }

  @Test
  void aDeviceThatIsAddedAgainHasWhatItSaidTheLastTime() {
    add(
        new StoredToken(ALICE, APPLE, "phone-1", "aa11", "bb22", true, "Phone/1.0", NOW, NOW),
        new StoredToken(ALICE, APPLE, "phone-1", "cc33", null, false, "Phone/2.0", NOW, NOW));
    has(
        ALICE,
        new StoredToken(ALICE, APPLE, "phone-1", "cc33", null, false, "Phone/2.0", NOW, NOW));
  }

  @Test
  void ofManyThatAreStoredInOneStepTheyAreAnsweredInTheirOrder() {
    StoredToken known = device(ALICE, APPLE, "known", "known");
    add(known);
    List<StoredToken> many = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      many.add(device("user" + i % 300 + "@example.com", APPLE, "phone-" + i, "token-" + i));
    }
    many.add(300, storedAt(device(ALICE, APPLE, "known", "older"), NOW - HOUR));
    List<Addition> done = await(store.addUnlessNewer(many));
    assertEquals(601, done.size());
    for (int i = 0; i < done.size(); i++) {
      Addition.What what = i == 300 ? Addition.What.KEPT : Addition.What.ADDED;
      assertEquals(what, done.get(i).what(), "device " + i);
    }
    has(ALICE, known);
    assertEquals(2, await(store.devices("user299@example.com")).size());
    assertEquals(List.of(), await(store.addUnlessNewer(List.of())));
  }

  @Test
  void ofTwoRecordsOfOnePhoneInOneStepTheNewerStaysWhicheverComesFirst() {
    StoredToken newer = storedAt(device(ALICE, APPLE, "phone", "newer"), NOW - HOUR);
    StoredToken older = storedAt(device(ALICE, APPLE, "phone", "older"), NOW - 2 * HOUR);
    StoredToken bobs = storedAt(device(BOB, APPLE, "phone", "bob's newer"), NOW - HOUR);
    StoredToken before = storedAt(device(BOB, APPLE, "phone", "bob's older"), NOW - 2 * HOUR);
    List<Addition> unused = await(store.addUnlessNewer(List.of(older, bobs, newer, before)));
    assertEquals("newer", await(store.devices(ALICE)).get(0).token());
    assertEquals("bob's newer", await(store.devices(BOB)).get(0).token());
  }

  @Test
  void aDeviceThatIsAddedAgainWithAnotherPlatformIsOne() {
    add(device(ALICE, APPLE, "phone-1", "token-1"), device(ALICE, ANDROID, "phone-1", "token-2"));
    has(ALICE, device(ALICE, ANDROID, "phone-1", "token-2"));
  }

  @Test
  void oneDeviceOfTwoApplicationsIsTwo() {
    StoredToken phone = device(ALICE, ANDROID, "phone-1", "token-1");
    StoredToken chat = device(ALICE, OTHER_APP, "phone-1", "token-1");
    add(phone, chat);
    has(ALICE, chat, phone);
  }

  @Test
  void oneDeviceOfTwoAccountsWithTokensOfTheirOwnIsTwo() {
    StoredToken alices = device(ALICE, ANDROID, "phone-1", "token-1");
    StoredToken bobs = device(BOB, ANDROID, "phone-1", "token-2");
    add(alices, bobs);
    has(ALICE, alices);
    has(BOB, bobs);
  }

  @Test
  void theSameTokenUnderAnotherDeviceIdOfTheAccountReplacesIt() {
    add(device(ALICE, APPLE, "phone-1", "token-1"), device(ALICE, APPLE, "phone-2", "token-1"));
    has(ALICE, device(ALICE, APPLE, "phone-2", "token-1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "devA",
        "d3f0c0b5-9a41-4c1e-8f10-2b6a90c4e75a",
        "7f3c0b52-9a41-4c1e-8f10-2b6a90c4e75d",
        "d",
        "urn:uuid"
      })
  void aDeviceThatAddsItselfReplacesWhatTheOldSystemMadeOfItsId(String id) {
    String mangled = DeviceIds.mangled(id);
    assumeFalse(mangled.isEmpty());
    add(device(ALICE, APPLE, mangled, "token-1"), device(ALICE, APPLE, id, "token-2"));
    has(ALICE, device(ALICE, APPLE, id, "token-2"));
  }

  @Test
  void aMangledIdThatIsAddedReplacesTheRightOne() {
    add(device(ALICE, APPLE, "devA", "token-1"), device(ALICE, APPLE, "evA", "token-2"));
    has(ALICE, device(ALICE, APPLE, "evA", "token-2"));
  }

  @Test
  void aMangledIdOfAnotherApplicationOrAccountStays() {
    StoredToken other = device(ALICE, OTHER_APP, "evA", "token-1");
    StoredToken bobs = device(BOB, APPLE, "evA", "token-2");
    StoredToken own = device(ALICE, APPLE, "devA", "token-3");
    add(other, bobs, own);
    has(ALICE, other, own);
    has(BOB, bobs);
  }

  @Test
  void thePhoneThatComesWithAnotherAccountLeavesTheFormerOne() {
    assumeTrue(searchesByToken(), "it cannot search by token");
    add(
        device(ALICE, APPLE, "phone-1", "token-1"),
        device(ALICE, APPLE, "phone-2", "token-2"),
        device(BOB, APPLE, "phone-3", "token-1"));
    has(ALICE, device(ALICE, APPLE, "phone-2", "token-2"));
    has(BOB, device(BOB, APPLE, "phone-3", "token-1"));
  }

  @Test
  void theSameTokenOfAnotherApplicationIsAnotherPhones() {
    StoredToken alices = device(ALICE, OTHER_APP, "phone-1", "token-1");
    StoredToken bobs = device(BOB, ANDROID, "phone-1", "token-1");
    add(alices, bobs);
    has(ALICE, alices);
    has(BOB, bobs);
  }

  @Test
  void devicesComeByApplicationThenByDeviceId() {
    StoredToken first = device(ALICE, OTHER_APP, "z", "token-1");
    StoredToken second = device(ALICE, ANDROID, "a", "token-2");
    StoredToken third = device(ALICE, APPLE, "b", "token-3");
    StoredToken fourth = device(ALICE, ANDROID, "c", "token-4");
    add(third, fourth, first, second);
    has(ALICE, first, second, third, fourth);
  }

  @Test
  void aDeviceIsRemovedAndTheOthersStay() {
    add(device(ALICE, APPLE, "phone-1", "token-1"), device(ALICE, APPLE, "phone-2", "token-2"));
    assertEquals(Removal.REMOVED, await(store.remove(ALICE, APPLE.appId(), "phone-1")));
    has(ALICE, device(ALICE, APPLE, "phone-2", "token-2"));
    assertEquals(Removal.NO_SUCH_DEVICE, await(store.remove(ALICE, APPLE.appId(), "phone-1")));
    assertEquals(Removal.REMOVED, await(store.remove(ALICE, APPLE.appId(), "phone-2")));
    assertEquals(Removal.NO_SUCH_ACCOUNT, await(store.remove(ALICE, APPLE.appId(), "phone-2")));
    has(ALICE);
  }

  @Test
  void aDeviceOfAnotherApplicationOrAccountIsNotRemoved() {
    StoredToken alices = device(ALICE, APPLE, "phone-1", "token-1");
    add(alices);
    assertEquals(Removal.NO_SUCH_DEVICE, await(store.remove(ALICE, OTHER_APP.appId(), "phone-1")));
    assertEquals(Removal.NO_SUCH_ACCOUNT, await(store.remove(BOB, APPLE.appId(), "phone-1")));
    has(ALICE, alices);
  }

  @Test
  void aDeviceIsRemovedByItsRightIdAndByTheMangledOne() {
    add(device(ALICE, APPLE, "evA", "token-1"));
    assertEquals(Removal.REMOVED, await(store.remove(ALICE, APPLE.appId(), "devA")));
    add(device(ALICE, APPLE, "devA", "token-1"));
    assertEquals(Removal.REMOVED, await(store.remove(ALICE, APPLE.appId(), "evA")));
    has(ALICE);
  }

  private int dead(AppKey app, String token, String account, String deviceId, long since) {
    return await(store.dead(new DeadDevice(app, token, account, deviceId, since)));
  }

  @Test
  void aDeadTokenGoesAndTheOthersStay() {
    add(device(ALICE, APPLE, "phone-1", "token-1"), device(ALICE, APPLE, "phone-2", "token-2"));
    assertEquals(1, dead(APPLE, "token-1", ALICE, "phone-1", NOW + HOUR));
    has(ALICE, device(ALICE, APPLE, "phone-2", "token-2"));
    assertEquals(0, dead(APPLE, "token-1", ALICE, "phone-1", NOW + HOUR));
  }

  @Test
  void aDeviceStaysForCallsWhenItsOtherTokenIsDead() {
    StoredToken both = device("aa11", "bb22", NOW);
    add(both);
    assertEquals(1, dead(APPLE, "bb22", ALICE, "phone-1", NOW + HOUR));
    has(ALICE, device("aa11", "", NOW));
    assertEquals(0, dead(APPLE, "bb22", ALICE, "phone-1", NOW + HOUR));
    assertEquals(1, await(store.count()).devices().get(APPLE));
    add(both);
    has(ALICE, both);
    assertEquals(0, dead(APPLE, "bb22", ALICE, "phone-1", NOW - HOUR));
    has(ALICE, both);
    assertEquals(1, dead(APPLE, "bb22", ALICE, "phone-1", NOW + HOUR));
    assertEquals(1, dead(APPLE, "aa11", ALICE, "phone-1", NOW + HOUR));
    has(ALICE);
  }

  @Test
  void aDeviceWithOneTokenForAllGoesWithIt() {
    add(device("aa11", "aa11", NOW));
    has(ALICE, device("aa11", "aa11", NOW));
    assertEquals(1, dead(APPLE, "aa11", ALICE, "phone-1", NOW + HOUR));
    has(ALICE);
  }

  private static StoredToken device(String token, String background, long at) {
    return new StoredToken(ALICE, APPLE, "phone-1", token, background, true, null, at, at);
  }

  @Test
  void aDeviceThatLostATokenIsRemovedAsAnyOther() {
    add(device("aa11", "bb22", NOW));
    assertEquals(1, dead(APPLE, "bb22", ALICE, "phone-1", NOW + HOUR));
    assertEquals(Removal.REMOVED, await(store.remove(ALICE, APPLE.appId(), "phone-1")));
    has(ALICE);
    add(device("aa11", "bb22", NOW));
    has(ALICE, device("aa11", "bb22", NOW));
  }

  @Test
  void aDeadTokenGoesUnderWhicheverDeviceOfTheAccountItIs() {
    add(device(ALICE, APPLE, "phone-1", "token-1"));
    assertEquals(1, dead(APPLE, "token-1", ALICE, "phone-2", NOW + HOUR));
    add(device(ALICE, APPLE, "phone-1", "token-1"));
    assertEquals(1, dead(APPLE, "token-1", ALICE, null, NOW + HOUR));
    has(ALICE);
  }

  @Test
  void whatWasStoredAfterItsTokenDiedStays() {
    add(device(ALICE, APPLE, "phone-1", "token-1"));
    assertEquals(0, dead(APPLE, "token-1", ALICE, "phone-1", NOW - HOUR));
    has(ALICE, device(ALICE, APPLE, "phone-1", "token-1"));
  }

  @Test
  void ofAnUnknownTimeItGoesWheneverItDied() {
    assumeTrue(keepsStoredAt(), "it has another time then");
    add(storedAt(device(ALICE, APPLE, "phone-1", "token-1"), 0));
    assertEquals(1, dead(APPLE, "token-1", ALICE, "phone-1", NOW - 1000 * DAY));
    has(ALICE);
  }

  @Test
  void aDeviceThatHasAnotherTokenByNowStays() {
    add(device(ALICE, APPLE, "phone-1", "token-1"), device(ALICE, APPLE, "phone-1", "token-2"));
    assertEquals(0, dead(APPLE, "token-1", ALICE, "phone-1", NOW + HOUR));
    has(ALICE, device(ALICE, APPLE, "phone-1", "token-2"));
  }

  @Test
  void aTokenOfAnotherApplicationStays() {
    add(device(ALICE, ANDROID, "phone-1", "token-1"));
    assertEquals(0, dead(OTHER_APP, "token-1", ALICE, "phone-1", NOW + HOUR));
    assertEquals(0, dead(APPLE, "token-1", ALICE, "phone-1", NOW + HOUR));
    has(ALICE, device(ALICE, ANDROID, "phone-1", "token-1"));
  }

  @Test
  void aDeadTokenIsFoundWithoutAnAccountAndUnderAnother() {
    assumeTrue(searchesByToken(), "it cannot search by token");
    add(
        device(ALICE, APPLE, "phone-1", "token-1"),
        new StoredToken(BOB, APPLE, "phone-2", "aa11", "bb22", true, null, NOW, NOW));
    assertEquals(1, dead(APPLE, "token-1", null, null, NOW + HOUR));
    assertEquals(1, dead(APPLE, "bb22", ALICE, "phone-1", NOW + HOUR));
    has(ALICE);
    has(BOB, new StoredToken(BOB, APPLE, "phone-2", "aa11", "", true, null, NOW, NOW));
  }

  @Test
  void aDeadTokenThatNobodyHasIsNoMatter() {
    assertEquals(0, dead(APPLE, "token-1", null, null, NOW));
    assertEquals(0, dead(APPLE, "token-1", ALICE, "phone-1", NOW));
  }

  @Test
  void thatADeviceWasSeenIsKnownSoonAndChangesNothingElse() throws Exception {
    StoredToken before = storedAt(device(ALICE, APPLE, "phone-1", "token-1"), NOW - 9 * DAY);
    StoredToken other = device(ALICE, APPLE, "phone-2", "token-2");
    add(before, other);
    store.seen(before, NOW);
    store.seen(before, NOW);
    store.seen(device(BOB, APPLE, "phone-1", "token-3"), NOW);
    if (keepsLastSeen()) {
      until(
          () -> await(store.devices(ALICE)).get(0).lastSeen() / DAY == NOW / DAY, () -> "not seen");
    }
    has(ALICE, before.seen(NOW), other);
    has(BOB);
  }

  @Test
  void allIsListedInPagesOnce() {
    List<StoredToken> all = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      all.add(device("user" + i % 7 + "@example.com", APPLE, "phone-" + i, "token-" + i));
    }
    add(all.toArray(StoredToken[]::new));
    for (int most : new int[] {1, 7, 24, 25, 26, 10_000}) {
      List<StoredToken> listed = new ArrayList<>();
      String next = null;
      do {
        TokenPage page = await(store.list(next, most));
        assertTrue(page.tokens().size() <= most, () -> page.tokens().size() + " of " + most);
        listed.addAll(page.tokens());
        next = page.next();
      } while (next != null);
      assertEquals(sorted(all), sorted(listed), "pages of " + most);
    }
  }

  private List<StoredToken> sorted(List<StoredToken> all) {
    return all.stream()
        .map(this::comparable)
        .sorted((one, other) -> one.token().compareTo(other.token()))
        .toList();
  }

  @Test
  void anEmptyStoreHasOneEmptyPage() {
    assertEquals(new TokenPage(List.of(), null), await(store.list(null, 10)));
  }

  @Test
  void whatIsRemovedBetweenTwoPagesSpoilsNothing() {
    for (int i = 0; i < 6; i++) {
      add(device("user" + i + "@example.com", APPLE, "phone-" + i, "token-" + i));
    }
    TokenPage first = await(store.list(null, 3));
    assertEquals(3, first.tokens().size());
    for (StoredToken one : first.tokens()) {
      assertEquals(
          Removal.REMOVED, await(store.remove(one.account(), one.app().appId(), one.deviceId())));
    }
    TokenPage second = await(store.list(first.next(), 10));
    assertEquals(3, second.tokens().size());
  }

  @Test
  void devicesAreCountedByApplicationAndPlatform() {
    assertEquals(Map.of(), await(store.count()).devices());
    add(
        device(ALICE, APPLE, "phone-1", "token-1"),
        device(ALICE, ANDROID, "phone-2", "token-2"),
        device(BOB, ANDROID, "phone-3", "token-3"),
        device(BOB, OTHER_APP, "phone-3", "token-3"));
    TokenCount count = await(store.count());
    assertEquals(Map.of(APPLE, 1L, ANDROID, 2L, OTHER_APP, 1L), count.devices());
    assertEquals(4, count.total());
    assertEquals(countsAccounts() ? 2 : -1, count.accounts());
  }

  @Test
  void aDomainCountsInAnyCaseAndAUserInOne() {
    assumeTrue(ignoresCaseOfDomains(), "it compares domains as they are");
    add(device("Alice@EXAMPLE.com", APPLE, "phone-1", "token-1"));
    StoredToken stored = device("Alice@example.com", APPLE, "phone-1", "token-1");
    has("Alice@example.com", stored);
    has("Alice@Example.COM", stored);
    has(ALICE);
    add(device("Alice@example.COM", APPLE, "phone-1", "token-2"));
    has("Alice@example.com", device("Alice@example.com", APPLE, "phone-1", "token-2"));
    assertEquals(1, dead(APPLE, "token-2", "Alice@EXAMPLE.com", "phone-1", NOW + HOUR));
    add(device("Alice@example.com", APPLE, "phone-1", "token-1"));
    assertEquals(
        Removal.REMOVED, await(store.remove("Alice@EXAMPLE.COM", APPLE.appId(), "phone-1")));
  }

  @Test
  void anAccountMayBeAUserAlone() {
    assumeTrue(takesAccountsWithoutDomain(), "it needs a domain");
    StoredToken token = device("Alice", APPLE, "phone-1", "token-1");
    add(token);
    has("Alice", token);
    has("alice");
    has(ALICE);
    assertEquals(Removal.REMOVED, await(store.remove("Alice", APPLE.appId(), "phone-1")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ärger@例え.テスト",
        "𝒜lice@example.com",
        "a'; DROP TABLE device;--@example.com",
        "a\"b\\c%_*@example.com",
        "+4930123456@example.com",
        "user@more@example.com",
        "with space@example.com"
      })
  void anAccountMayHaveAnyCharacter(String account) {
    StoredToken token =
        new StoredToken(
            account,
            APPLE,
            "gerät '" + account + "'",
            "töken \"𝒜\" '",
            "100%_",
            true,
            "Телефон/1.0 (𝒜; '\")",
            NOW,
            NOW);
    add(token);
    has(account, token);
    assertEquals(Removal.REMOVED, await(store.remove(account, APPLE.appId(), token.deviceId())));
    has(account);
  }

  @Test
  void longValuesAreKeptWhole() {
    StoredToken token =
        new StoredToken(
            "a".repeat(200) + "@" + "b".repeat(200) + ".example.com",
            new AppKey("c".repeat(255), AppKey.FIREBASE),
            "d1".repeat(500),
            "e".repeat(4096),
            "f".repeat(4096),
            false,
            "g".repeat(8192),
            NOW,
            NOW);
    add(token);
    has(token.account(), token);
    assertEquals(
        1, dead(token.app(), token.token(), token.account(), token.deviceId(), NOW + HOUR));
  }

  @ParameterizedTest
  @CsvSource({"AA11, aa11", "aa11, AA11", "aA11, aa11"})
  void theSameTokenOfApplesWithOtherLettersIsThatOfOnePhone(String one, String other) {
    StoredToken renewed = device(ALICE, APPLE, "phone-2", other);
    add(device(ALICE, APPLE, "phone-1", one), renewed);
    has(ALICE, renewed);
    assertEquals(1, dead(APPLE, one, ALICE, "phone-2", NOW + HOUR));
    has(ALICE);
    StoredToken two = new StoredToken(ALICE, APPLE, "phone-1", "bb22", other, true, null, NOW, NOW);
    add(two);
    assertEquals(1, dead(APPLE, one, ALICE, "phone-1", NOW + HOUR));
    assertTrue(await(store.devices(ALICE)).get(0).isForCallsAlone());
  }

  @Test
  void tokensThatDifferInCaseAreTwo() {
    add(device(ALICE, ANDROID, "phone-1", "AA11"), device(ALICE, ANDROID, "phone-2", "aa11"));
    has(
        ALICE,
        device(ALICE, ANDROID, "phone-1", "AA11"),
        device(ALICE, ANDROID, "phone-2", "aa11"));
  }

  @Test
  void anAnswerComesOnTheContextOfWhoAsked() {
    Vertx vertx = Vertx.vertx();
    try {
      Context context = vertx.getOrCreateContext();
      Promise<Void> told = Promise.promise();
      context.runOnContext(
          turn ->
              store
                  .add(device(ALICE, APPLE, "phone-1", "token-1"))
                  .onSuccess(
                      done -> {
                        assertSame(context, Vertx.currentContext());
                        store
                            .devices(ALICE)
                            .onComplete(
                                devices -> {
                                  if (Vertx.currentContext() == context && devices.succeeded()) {
                                    told.complete();
                                  } else {
                                    told.fail("on another: " + devices);
                                  }
                                });
                      })
                  .onFailure(told::tryFail));
      await(told.future());
    } finally {
      await(vertx.close());
    }
  }

  @Test
  void manyAtOnceAreAllThere() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Void>> added = new ArrayList<>();
      List<java.util.concurrent.Future<List<Future<Void>>>> started = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        int number = thread;
        started.add(threads.submit(() -> addSome(number)));
      }
      for (var one : started) {
        added.addAll(one.get(30, TimeUnit.SECONDS));
      }
      List<Void> unused = awaitAll(added);
    } finally {
      threads.shutdownNow();
    }
    assertEquals(200, await(store.devices(ALICE)).size());
    assertEquals(Map.of(APPLE, 200L), await(store.count()).devices());
  }

  private List<Future<Void>> addSome(int thread) {
    List<Future<Void>> added = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      String number = thread + "-" + i + "-x";
      added.add(store.add(device(ALICE, APPLE, "phone-" + number, "token-" + number)));
    }
    return added;
  }

  @Test
  void aUsableStoreSaysSo() {
    add(device(ALICE, APPLE, "phone-1", "token-1"));
    TokenStoreState state = store.state();
    assertTrue(state.isUsable(), state::problem);
    assertEquals("", state.problem());
  }
}
