// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.contact;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The devices of one Contact header: those of its contacts that can be reached by a push. Made of
 * what a stranger sent; takes time and memory in proportion to it.
 *
 * @param devices in the order of the contacts; a contact without push parameters is left out
 * @param problem what is wrong with the first contact that cannot be read, the end of a sentence
 *     that begins with its name; null when all can. No token is in it
 */
public record ContactHeader(List<SipContact> devices, String problem) {
  /** The longest text that is read, in UTF-16 units: those of Linphone have some 700. */
  public static final int LONGEST = 8192;

  /** Headers whose value this may be, should a script leave their names in front of it. */
  private static final List<String> HEADERS =
      List.of("contact:", "m:", "x-p-push:", "x-push:", "x-mpush:");

  private static final String PORTSIP = "device-";

  public ContactHeader {
    devices = List.copyOf(devices);
  }

  /** Whether a text that names a device is likely to be a contact, and no word of its sender's. */
  public static boolean isMeant(String text) {
    return text.indexOf(";pn-") >= 0;
  }

  /**
   * Reads the value of a Contact header, or a SIP URI alone; or of {@code x-p-push} (PortSIP) or
   * {@code X-MPUSH} (Mizutech), which say the same. Throws nothing.
   *
   * @return without devices, and without a problem, when it says nothing about pushes
   */
  public static ContactHeader read(String text) {
    if (text.length() > LONGEST) {
      return new ContactHeader(
          List.of(), "has %s characters; at most %s are read".formatted(text.length(), LONGEST));
    }
    try {
      return read(value(text), new ArrayList<>());
    } catch (NoContactException e) {
      return new ContactHeader(List.of(), "cannot be read: " + e.getMessage());
    }
  }

  private static ContactHeader read(String value, List<SipContact> devices) {
    if (Mizutech.isOne(value)) {
      return new ContactHeader(List.of(Mizutech.read(value)), null);
    }
    boolean portSip = value.regionMatches(true, 0, PORTSIP, 0, PORTSIP.length());
    String problem = null;
    for (ContactParameters parameters : ContactSyntax.read(portSip ? ";" + value : value)) {
      try {
        Dialect.read(parameters).ifPresent(devices::add);
      } catch (NoContactException e) {
        problem = problem == null ? "cannot be read: " + e.getMessage() : problem;
      }
    }
    return new ContactHeader(devices, problem);
  }

  private static String value(String text) {
    String stripped = text.strip();
    String lower = stripped.substring(0, Math.min(10, stripped.length())).toLowerCase(Locale.ROOT);
    for (String header : HEADERS) {
      if (lower.startsWith(header)) {
        return stripped.substring(header.length()).strip();
      }
    }
    return stripped;
  }
}
