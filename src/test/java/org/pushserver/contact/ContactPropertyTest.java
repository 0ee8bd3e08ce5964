// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.contact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.pushserver.push.Kind;

/** Whatever strangers write into a Contact: it is read, or said what is wrong, in little time. */
class ContactPropertyTest {
  /** What contacts are made of, and what breaks them. */
  private static final List<String> PIECES =
      List.of(
          "<",
          ">",
          "\"",
          "\\",
          ",",
          ";",
          "=",
          "?",
          "@",
          ":",
          "&",
          "%",
          "%2",
          "%41",
          "%00",
          "%ff",
          "-",
          "|",
          "#",
          " ",
          "\t",
          "\u0000",
          "\uD800",
          "é",
          "sip:",
          "sips:",
          "bob",
          "h",
          "a1",
          "*",
          ";pn-provider=",
          ";pn-prid=",
          ";pn-param=",
          ";pn-type=",
          ";pn-tok=",
          ";app-id=",
          "apns",
          "apns.dev",
          "fcm",
          "ios",
          ":voip",
          ":remote",
          "TEAM123456.",
          ".voip",
          ".dev",
          ".prod",
          ";+sip.instance=\"<urn:uuid:1>\"",
          "device-os=ios",
          ";device-uid=",
          "i:",
          "a:",
          "m:",
          "X-MPUSH:",
          "x-p-push:");

  @Provide
  Arbitrary<String> wild() {
    return Arbitraries.of(PIECES).list().ofMaxSize(40).map(pieces -> String.join("", pieces));
  }

  @Provide
  Arbitrary<String> tokens() {
    return Arbitraries.strings().withChars("0123456789abcdefABCDEF").ofMinLength(1).ofMaxLength(64);
  }

  /** Any printable text, as a PBX may have for a name. */
  @Provide
  Arbitrary<String> names() {
    return Arbitraries.strings()
        .withCharRange(' ', '\u017F')
        .excludeChars('\u007F')
        .ofMaxLength(20)
        .map(text -> text.replaceAll("\\p{Cntrl}", "x"));
  }

  @Property(tries = 5_000)
  void nothingThatIsReadThrows(@ForAll("wild") String text) {
    ContactHeader header = ContactHeader.read(text);
    for (SipContact device : header.devices()) {
      assertFalse(device.platform().isEmpty());
      assertFalse(device.registration().isEmpty());
      assertFalse(device.wanted().isEmpty());
      assertFalse(device.appIds().contains(""));
      assertTrue(device.registration().chars().noneMatch(Character::isISOControl));
    }
  }

  @Property(tries = 2_000)
  void noTextAtAllThrows(@ForAll String text) {
    assertTrue(ContactHeader.read(text).devices().size() <= text.length());
  }

  @Property(tries = 1_000)
  void aDisplayNameNeverChangesWhatIsRead(
      @ForAll("names") String name, @ForAll("tokens") String token) {
    String quoted = "\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    ContactHeader header =
        ContactHeader.read(
            quoted + " <sip:b@h;pn-provider=apns;pn-prid=" + token + ";pn-param=T.a.voip>");
    assertNull(header.problem());
    assertEquals(Optional.of(token), header.devices().get(0).token(Kind.RING));
  }

  @Property(tries = 1_000)
  void whatIsEscapedIsReadAsWhatIsNot(
      @ForAll("tokens") String voip, @ForAll("tokens") String remote, @ForAll long which) {
    String prid = voip + ":voip&" + remote + ":remote";
    StringBuilder escaped = new StringBuilder();
    for (int at = 0; at < prid.length(); at++) {
      boolean plain = (which >> (at % Long.SIZE) & 1) == 0;
      escaped.append(
          plain ? prid.charAt(at) : String.format(Locale.ROOT, "%%%02x", (int) prid.charAt(at)));
    }
    String contact = "<sip:b@h;pn-provider=apns;pn-param=T.a;pn-prid=%s>";
    assertEquals(
        ContactHeader.read(contact.formatted(prid)),
        ContactHeader.read(contact.formatted(escaped)));
  }

  @Property(tries = 500)
  void severalContactsAreReadAsEachAlone(
      @ForAll("tokens") String one, @ForAll("tokens") String two) {
    List<String> contacts =
        Combinators.combine(
                Arbitraries.just("<sip:b@h;pn-provider=apns;pn-param=T.a;pn-prid=" + one + ">"),
                Arbitraries.just("\"C, D\" <sip:c@h;pn-type=ios;app-id=a;pn-tok=" + two + ">;q=1"))
            .as(List::of)
            .sample();
    assertEquals(
        contacts.stream().map(text -> ContactHeader.read(text).devices().get(0)).toList(),
        ContactHeader.read(String.join(",", contacts)).devices());
  }

  /** The most that is read, made of what costs most: a reader that goes back would never end. */
  @Property(tries = 60)
  void theLongestTextsAreReadToo(@ForAll("piece") String piece) {
    String text = piece.repeat(ContactHeader.LONGEST / piece.length());
    for (int times = 0; times < 20; times++) {
      assertTrue(ContactHeader.read(text).devices().size() <= ContactHeader.LONGEST);
    }
  }

  @Provide
  Arbitrary<String> piece() {
    return Arbitraries.of(PIECES).list().ofMinSize(1).ofMaxSize(3).map(all -> String.join("", all));
  }
}
