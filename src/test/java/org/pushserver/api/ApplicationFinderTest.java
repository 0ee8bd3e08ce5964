// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.push.AppKey.APPLE;
import static org.pushserver.push.AppKey.FIREBASE;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.config.ApiKey;
import org.pushserver.push.AppKey;

class ApplicationFinderTest {
  private static final String PHONE = "com.example.phone";
  private static final AppKey ON_APPLE = new AppKey(PHONE, APPLE);

  private final ScriptedDispatcher dispatcher =
      new ScriptedDispatcher()
          .with(PHONE, APPLE, ScriptedDispatcher.Type.SYLK)
          .with(PHONE, FIREBASE, ScriptedDispatcher.Type.SYLK)
          .with("com.example.other", APPLE, ScriptedDispatcher.Type.SYLK);

  private final ApplicationFinder finder = new ApplicationFinder(dispatcher);

  private static Caller caller(String... appIds) {
    ApiKey key = new ApiKey("pbx", "00", false, Set.of(appIds), Set.of());
    return new Caller("192.0.2.1", key);
  }

  private AppKey found(String appId, String platform) {
    return finder.find(appId, platform, SampleRequest.CALLER).key();
  }

  private String refused(int status, String appId, String platform, Caller caller) {
    RequestRefused refusal =
        assertThrows(RequestRefused.class, () -> finder.find(appId, platform, caller));
    assertEquals(status, refusal.status());
    return refusal.description();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.example.phone",
        "DEF123GHIJ.com.example.phone",
        "ABCD1234.com.example.phone.voip&remote",
        "com.example.phone.voip",
        "com.example.phone.remote",
        "com.example.phone.prod",
        "com.example.phone.dev",
        "DEF123GHIJ.com.example.phone.voip.dev"
      })
  void teamServiceAndEnvironmentAreNoPartOfTheName(String appId) {
    assertEquals(ON_APPLE, found(appId, "apple"));
    assertEquals(new AppKey(PHONE, FIREBASE), found(appId, "fcm"));
  }

  @Test
  void whatIsConfiguredSoWinsOverWhatIsOnlyMeant() {
    dispatcher
        .with("com.example.phone.voip", APPLE, ScriptedDispatcher.Type.SYLK)
        .with("com.example.phone.dev", APPLE, ScriptedDispatcher.Type.SYLK)
        .alias("DEF123GHIJ.com.example.phone", "com.example.other", APPLE);
    assertEquals("com.example.phone.voip", found("com.example.phone.voip", "apple").appId());
    assertEquals("com.example.phone.dev", found("com.example.phone.dev", "apple").appId());
    assertEquals("com.example.other", found("DEF123GHIJ.com.example.phone", "apple").appId());
    assertEquals(PHONE, found(PHONE, "apple").appId());
  }

  @Test
  void anAliasIsAnotherNameOnItsPlatformOnly() {
    dispatcher.alias("929724111839", PHONE, FIREBASE);
    assertEquals(new AppKey(PHONE, FIREBASE), found("929724111839", "fcm"));
    assertEquals(
        "Application '929724111839' is not configured for platform 'apple'",
        refused(404, "929724111839", "apple", SampleRequest.CALLER));
  }

  @Test
  void anAppIdIsNeverTakenForTheAliasOfAnother() {
    dispatcher.alias("com.example.other", PHONE, APPLE);
    assertEquals("com.example.other", found("com.example.other", "apple").appId());
  }

  @Test
  void anAliasMayBeWrittenWithAServiceBehindItToo() {
    dispatcher.alias("DEF123GHIJ.com.example.renamed", PHONE, APPLE);
    assertEquals(ON_APPLE, found("DEF123GHIJ.com.example.renamed.voip", "apple"));
  }

  @ParameterizedTest
  @CsvSource({
    "apns, com.example.phone",
    "apns.dev, com.example.phone.dev",
    "APNS.DEV, com.example.phone.dev",
    "apple, com.example.phone"
  })
  void theSandboxIsASectionOfItsOwnWhereThereIsOne(String platform, String appId) {
    dispatcher.with("com.example.phone.dev", APPLE, ScriptedDispatcher.Type.SYLK);
    assertEquals(appId, found(PHONE, platform).appId());
    assertEquals(appId, found("DEF123GHIJ.com.example.phone.voip", platform).appId());
  }

  @Test
  void theSandboxMayBeAnAliasAndOtherwiseIsTheApplication() {
    assertEquals(ON_APPLE, found(PHONE, "apns.dev"));
    dispatcher.alias("com.example.phone.dev", "com.example.other", APPLE);
    assertEquals("com.example.other", found(PHONE, "apns.dev").appId());
  }

  @ParameterizedTest
  @CsvSource({"APNS, apple", "iOS, apple", "Apple, apple", "FCM, firebase", "Google, firebase"})
  void aPlatformMayBeWrittenInAnyCase(String name, String platform) {
    assertEquals(new AppKey(PHONE, platform), found(PHONE, name));
  }

  @Test
  void anUnknownApplicationIsToldAsItWasAskedFor() {
    assertEquals(
        "Application 'DEF123GHIJ.com.example.tablet.voip' is not configured for platform 'apple'",
        refused(404, "DEF123GHIJ.com.example.tablet.voip", "ios", SampleRequest.CALLER));
    assertEquals(
        "Application 'com.example.tablet' is not configured for platform 'apple'",
        refused(404, "com.example.tablet", "APNS", SampleRequest.CALLER));
    assertEquals(
        "Platform 'Windows' is not configured",
        refused(404, PHONE, "Windows", SampleRequest.CALLER));
  }

  @Test
  void aDisabledSectionIsToldAlsoByAnotherNameAndNothingElseTakesItsPlace() {
    dispatcher
        .disable("com.example.phone.dev", APPLE, "phone-dev", "apple_key: why")
        .disable("com.example.tablet", APPLE, "tablet", "apple_key: why");
    assertEquals(
        "Application 'com.example.phone' cannot be used on platform 'apple': its section"
            + " [phone-dev] is disabled: apple_key: why",
        refused(503, PHONE, "apns.dev", SampleRequest.CALLER));
    assertEquals(
        "Application 'com.example.phone.dev' cannot be used on platform 'apple': its section"
            + " [phone-dev] is disabled: apple_key: why",
        refused(503, "com.example.phone.dev", "apple", SampleRequest.CALLER));
    assertEquals(
        "Application 'DEF123GHIJ.com.example.tablet' cannot be used on platform 'apple': its"
            + " section [tablet] is disabled: apple_key: why",
        refused(503, "DEF123GHIJ.com.example.tablet", "apple", SampleRequest.CALLER));
  }

  @Test
  void aKeyIsForTheApplicationNotForItsNames() {
    dispatcher.alias("929724111839", PHONE, FIREBASE);
    Caller pbx = caller(PHONE);
    assertEquals(PHONE, finder.find("929724111839", "fcm", pbx).key().appId());
    assertEquals(
        PHONE, finder.find("DEF123GHIJ.com.example.phone.voip", "apns", pbx).key().appId());
    assertEquals(
        "API key 'pbx' may not use application '929724111839' on platform 'fcm'",
        refused(403, "929724111839", "fcm", caller("929724111839", "com.example.other")));
  }

  /** The answer is the same whether there is such an application, an alias, or nothing. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.example.phone",
        "929724111839",
        "929724111840",
        "DEF123GHIJ.com.example.phone",
        "com.example.off",
        "com.example.nobody"
      })
  void whoMayNotUseAnApplicationDoesNotLearnWhetherItExists(String appId) {
    dispatcher
        .alias("929724111839", PHONE, APPLE)
        .disable("com.example.off", APPLE, "off", "apple_key: why");
    for (String platform : List.of("apple", "APNS", "apns.dev", "windows")) {
      assertEquals(
          "API key 'pbx' may not use application '%s' on platform '%s'".formatted(appId, platform),
          refused(403, appId, platform, caller("com.example.other")));
    }
  }

  @Test
  void aNameIsConfiguredWhenAnApplicationHasItRunningOrNot() {
    dispatcher
        .alias("1", PHONE, FIREBASE)
        .disable("com.example.off", FIREBASE, "off", "firebase: why");
    for (String name : List.of(PHONE, "1", "com.example.off")) {
      assertTrue(finder.isConfigured(new AppKey(name, FIREBASE)), name);
    }
    for (String name : List.of("x", "DEF123GHIJ.com.example.phone", "com.example.phone.voip")) {
      assertFalse(finder.isConfigured(new AppKey(name, FIREBASE)), name);
    }
  }
}
