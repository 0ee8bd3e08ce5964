// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.contact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.push.Kind;

class ContactHeaderTest {
  private static final String NOTHING = "-";

  private static final String FCM =
      "pn-provider=fcm;pn-param=929724111839;pn-prid=cXf3aBcDeFg:APA91b-_1";

  /** Contacts as real apps write them, and their right reading. */
  static List<Arguments> contacts() throws IOException {
    return Files.readAllLines(Path.of("src/test/resources/contact/contacts.tsv")).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> Arguments.of((Object[]) line.split("\t", 7)))
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("contacts")
  void whatRealAppsWriteIsRead(
      String app,
      String contact,
      String platform,
      String appId,
      String voip,
      String remote,
      String note) {
    ContactHeader header = ContactHeader.read(contact);
    assertNull(header.problem());
    if (platform.equals("(none)")) {
      assertEquals(List.of(), header.devices());
      return;
    }
    SipContact device = header.devices().get(0);
    assertEquals(1, header.devices().size());
    assertEquals(platform.replace(" (sandbox)", ""), device.platform());
    assertEquals(platform.endsWith(" (sandbox)"), device.sandbox());
    assertEquals(appId.equals(NOTHING) ? "" : appId, device.appId());
    assertEquals(!appId.equals(NOTHING), device.appIds().contains(appId));
    assertEquals(voip.equals(NOTHING) ? null : voip, device.tokens().voip());
    assertEquals(remote.equals(NOTHING) ? null : remote, device.tokens().remote());
  }

  private static SipContact only(String text) {
    ContactHeader header = ContactHeader.read(text);
    assertNull(header.problem(), text);
    assertEquals(1, header.devices().size(), text);
    return header.devices().get(0);
  }

  @Test
  void theInstanceNamesTheDeviceOrElseItsDeviceParameterDoes() {
    assertEquals(
        "11111111-2222",
        only("<sip:b@h;" + FCM + ">;+sip.instance=\"<urn:uuid:11111111-2222>\"").deviceId());
    assertEquals(
        "11111111-2222",
        only("<sip:b@h;" + FCM + ";pn-device=X>;+sip.instance=\"<URN:UUID:11111111-2222>\"")
            .deviceId());
    assertEquals("AA-BB", only("<sip:b@h;" + FCM + ";pn-device=AA-BB>").deviceId());
    assertEquals(
        "urn:gsma:imei:1",
        only("<sip:b@h;" + FCM + ">;+sip.instance=\"<urn:gsma:imei:1>\"").deviceId());
    assertNull(only("<sip:b@h;" + FCM + ">").deviceId());
  }

  @Test
  void silentAndPurrAreTold() {
    assertEquals(true, only("<sip:b@h;" + FCM + ";pn-silent=1>").silent());
    assertEquals(false, only("<sip:b@h;" + FCM + ";pn-silent=0>").silent());
    assertNull(only("<sip:b@h;" + FCM + ">").silent());
    assertEquals("000.1", only("<sip:b@h;" + FCM + ";pn-purr=000.1>").purr());
    assertNull(only("<sip:b@h;" + FCM + ">").purr());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<sip:b@h;" + FCM + ">",
        "sip:b@h;" + FCM,
        "sip:b@[2001:db8::1]:5060;transport=tls;" + FCM,
        "sip:h;" + FCM,
        "tel:+491;" + FCM,
        "  <sip:b@h;" + FCM + ">  ",
        "Contact: <sip:b@h;" + FCM + ">",
        "m:<sip:b@h;" + FCM + ">",
        "Bob <sip:b@h;" + FCM + ">",
        "Doe, Bob: home <sip:b@h;" + FCM + ">",
        "\"Bob\" <sip:b@h;" + FCM + ">;q=0.5",
        "\"Bob; <x>, \\\"Z\\\" pn-provider=apns\" <sip:b@h;" + FCM + ">",
        "<sip:b;phone-context=x@h;" + FCM + "?Subject=x;pn-prid=other>",
        "<sip:b@h;" + FCM + ">;pn-prid=other;expires=60",
        "<sip:b@h>;" + FCM,
        "<sip:b@h;PN-Provider=fcm;Pn-Param=929724111839;PN-PRID=cXf3aBcDeFg:APA91b-_1>",
        "<sip:b@h;pn-provider = fcm ; pn-param=929724111839 ; pn-prid = cXf3aBcDeFg:APA91b-_1>",
        "<sip:b@h;pn-provider=fcm;pn-param=929724111839;pn-prid=cXf3aBcDeFg%3AAPA91b%2D_1>",
        "<sip:b@h;" + FCM + ";pn-prid=second>",
        "<sip:b@h;x=%;y=%zz;" + FCM + ">",
        "sip:b@h;" + FCM + ";+sip.instance=\"<urn:uuid:1>\"",
      })
  void itDoesNotMatterHowTheContactIsWritten(String text) {
    SipContact device = only(text);
    assertEquals("firebase", device.platform());
    assertEquals(List.of("929724111839"), device.appIds());
    assertEquals(Optional.of("cXf3aBcDeFg:APA91b-_1"), device.token(Kind.RING));
    assertEquals("cXf3aBcDeFg:APA91b-_1", device.registration());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<sip:b@h;" + FCM + ">,<sip:b@i>;q=1 , \"B, <ob>\" <sip:c@j;" + FCM + ">",
        "sip:b@h;" + FCM + ",sip:b@i, SIPS:c@j;" + FCM,
        "sip:b,b@h;" + FCM + ",<sip:c@j;" + FCM + ">,"
      })
  void oneHeaderMayHaveSeveralContacts(String text) {
    ContactHeader header = ContactHeader.read(text);
    assertNull(header.problem());
    assertEquals(2, header.devices().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        ",",
        "foo",
        "<>",
        "<sip:b@h>",
        "<sip:b@h;pn-provider>",
        "<sip:b@h;pn-provider=>;+sip.pnsreg",
        "<sip:b@h;pn-provider=fcm;pn-param=1>",
        "<sip:b@h;pn-provider=fcm;pn-prid=>",
        "<sip:b@h;pn-prid=x;pn-param=1>",
        "<sip:b@h;pn-tok=x;app-id=1>",
        "<sip:pn-provider=fcm@h?pn-prid=x>",
        "x-p-push: device-os=ios;device-uid=aa;allow-call-push=false;allow-message-push=false;app-id=a"
      })
  void withoutPushParametersThereIsNothingAndNothingWrong(String text) {
    assertEquals(new ContactHeader(List.of(), null), ContactHeader.read(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<sip:b@h;pn-provider=fcm | a < is not closed",
        "\"Bob <sip:b@h> | a quote is not closed",
        "<sip:b@h>;x=\"a\\\" | a quote is not closed",
        "<sip:b@h;pn-provider=fcm;pn-prid=a%2> | the value of pn-prid has a % without two hex digits behind it",
        "<sip:b@h;pn-provider=fcm;pn-prid=a%zz> | the value of pn-prid has a % without two hex digits behind it",
        "<sip:b@h;pn-provider=fcm;pn-prid=a%0D%0Ab> | the value of pn-prid has control characters",
        "<sip:b@h;pn-provider=f%00;pn-prid=a> | the value of pn-provider has control characters",
        "<sip:b@h;pn-provider=fcm;pn-prid=a%ff> | the value of pn-prid is not UTF-8",
        "<sip:b@h;pn-provider=apns;pn-param=a;pn-prid=a:voip&b:voip> | the value of pn-prid is neither a token nor TOKEN:voip&TOKEN:remote",
        "<sip:b@h;pn-type=ios;app-id=a;pn-tok=a&b> | the value of pn-tok is neither a token nor TOKEN:voip&TOKEN:remote",
        "i:com.example | it is not written i:APP:TOKEN or a:APP:TOKEN"
      })
  void whatCannotBeReadIsSaidWithoutTheToken(String text, String problem) {
    assertEquals(
        new ContactHeader(List.of(), "cannot be read: " + problem), ContactHeader.read(text));
  }

  @Test
  void whatIsTooLongIsNotRead() {
    assertEquals(
        "has 8193 characters; at most 8192 are read",
        ContactHeader.read("x".repeat(ContactHeader.LONGEST + 1)).problem());
    String name = "n".repeat(256);
    for (String one : List.of("pn-param", "pn-purr", "pn-device", "app-id")) {
      String contact = "sip:h;pn-provider=fcm;pn-prid=x;" + one + "=" + name;
      assertEquals(
          "cannot be read: the value of " + one + " has 256 characters; at most 255 are allowed",
          ContactHeader.read(contact).problem());
    }
    assertEquals(
        "cannot be read: the value of pn-prid has 4097 characters; at most 4096 are allowed",
        ContactHeader.read("sip:h;pn-provider=fcm;pn-prid=" + "x".repeat(4097)).problem());
  }

  @Test
  void oneBadContactIsNotTheUndoingOfTheOthers() {
    ContactHeader header =
        ContactHeader.read("<sip:b@h;pn-provider=fcm;pn-prid=%>, <sip:b@h;" + FCM + ">");
    assertEquals(1, header.devices().size());
    assertTrue(header.problem().contains("pn-prid"));
  }

  @ParameterizedTest
  @CsvSource({
    "apns, false",
    "APNS, false",
    "apns.prod, false",
    "apns.dev, true",
    "ApNs.DEV, true",
    "apple, false",
    "ios, false"
  })
  void appleIsKnownByAllItsNames(String provider, boolean sandbox) {
    SipContact device =
        only("sip:h;pn-provider=" + provider + ";pn-prid=aa;pn-param=TEAM123456.com.example.phone");
    assertEquals(provider, device.provider());
    assertEquals("apple", device.platform());
    assertEquals(sandbox, device.sandbox());
  }

  @ParameterizedTest
  @ValueSource(strings = {"fcm", "FCM", "firebase", "google", "Google", "android"})
  void googleIsKnownByAllItsNames(String provider) {
    assertEquals(
        "firebase", only("sip:h;pn-provider=" + provider + ";pn-prid=aa;pn-param=1").platform());
  }

  @Test
  void anotherPushServiceHasItsOwnName() {
    SipContact device = only("sip:h;pn-provider=Acme;pn-prid=aa;pn-param=com.example");
    assertEquals("Acme", device.provider());
    assertEquals("acme", device.platform());
    assertEquals(List.of("com.example"), device.appIds());
  }

  @ParameterizedTest
  @CsvSource({
    "TEAM123456.com.example.phone.voip, aa, ",
    "TEAM123456.com.example.phone.remote, , aa",
    "TEAM123456.com.example.phone.voip&remote, , aa",
    "TEAM123456.com.example.phone, , aa"
  })
  void aLoneTokenIsForTheServiceThatIsNamed(String param, String voip, String remote) {
    SipContact device = only("sip:h;pn-provider=apns;pn-prid=aa;pn-param=" + param);
    assertEquals("com.example.phone", device.appId());
    assertEquals(voip, device.tokens().voip());
    assertEquals(remote, device.tokens().remote());
  }

  @Test
  void twoTokensComeInAnyOrder() {
    SipContact device = only("sip:h;pn-provider=apns;pn-param=a.b;pn-prid=DD:remote%26AA:voip");
    assertEquals(Optional.of("AA"), device.token(Kind.RING));
    assertEquals(Optional.of("DD"), device.token(Kind.CANCEL));
    assertEquals("AA:voip&DD:remote", device.registration());
  }

  @Test
  void aDeviceWithAVoipTokenOnlyHasNoneForACancel() {
    SipContact device = only("sip:h;pn-provider=apns;pn-param=T.b.voip;pn-prid=AA");
    assertEquals(Optional.of("AA"), device.token(Kind.RING));
    assertEquals(Optional.empty(), device.token(Kind.CANCEL));
    assertEquals("AA:voip", device.registration());
  }

  @Test
  void sylksLoneTokenIsForAll() {
    SipContact device = only("sip:h;pn-type=ios;app-id=com.example.phone;pn-tok=6688ff9c");
    assertEquals(Optional.of("6688ff9c"), device.token(Kind.RING));
    assertEquals(Optional.of("6688ff9c"), device.token(Kind.CANCEL));
    assertEquals("6688ff9c", device.registration());
  }

  @Test
  void linphonesLoneTokenOfOldIsForVoipOnlyIfItSaysSo() {
    SipContact device = only("sip:h;pn-type=apple;app-id=org.example.phone.dev;pn-tok=AA");
    assertTrue(device.sandbox());
    assertEquals(List.of("org.example.phone.dev", "org.example.phone"), device.appIds());
    assertEquals("AA:remote", device.registration());
  }

  @Test
  void theStandardCountsMoreThanWhatWasBefore() {
    SipContact device = only("sip:h;pn-type=google;pn-tok=old;app-id=1;" + FCM);
    assertEquals("cXf3aBcDeFg:APA91b-_1", device.registration());
    assertEquals(List.of("1", "929724111839"), device.appIds());
  }

  @Test
  void aBundleIsFoundUnderTheNameForProductionToo() {
    SipContact device =
        only("sip:h;pn-provider=apns;pn-prid=aa;pn-param=TEAM123456.com.example.phone.voip");
    assertEquals("TEAM123456.com.example.phone.voip", device.appIds().get(0));
    assertTrue(device.appIds().containsAll(List.of("com.example.phone", "com.example.phone.prod")));
    assertFalse(device.appIds().contains("com.example.phone.dev"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x-p-push: ", "X-Push:", ""})
  void theHeaderOfPortSipIsRead(String name) {
    SipContact android =
        only(
            name
                + "device-os=android;device-uid=cXf3:APA91b;allow-call-push=true;"
                + "allow-message-push=false;app-id=com.example.phone");
    assertEquals("firebase", android.platform());
    assertEquals("com.example.phone", android.appId());
    assertEquals(Optional.of("cXf3:APA91b"), android.token(Kind.RING));
    assertEquals(Optional.empty(), android.token(Kind.MESSAGE));
    assertEquals(Set.of(Kind.RING, Kind.CANCEL), android.wanted());

    SipContact iphone = only(name + "device-os=ios;device-uid=AA|BB;app-id=com.example.phone");
    assertEquals("apple", iphone.platform());
    assertEquals("AA:voip&BB:remote", iphone.registration());
    assertEquals("BB:remote", only(name + "device-os=ios;device-uid=|BB;app-id=a").registration());
    assertEquals("AA:voip", only(name + "device-os=ios;device-uid=AA;app-id=a").registration());
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-MPUSH: ", "x-mpush:", ""})
  void theHeaderOfMizutechIsRead(String name) {
    SipContact iphone = only(name + "i:com.example.phone:AABB01");
    assertEquals("apple", iphone.platform());
    assertEquals(List.of("com.example.phone"), iphone.appIds());
    assertEquals("AABB01:voip", iphone.registration());
    SipContact android = only(name + "a:com.example.phone:c-10-ap_Kt0:G7SThk:x");
    assertEquals("firebase", android.platform());
    assertEquals("c-10-ap_Kt0:G7SThk:x", android.registration());
    assertEquals("firebase", only(name + "i:com.example.phone:c-10:G7").platform());
  }
}
