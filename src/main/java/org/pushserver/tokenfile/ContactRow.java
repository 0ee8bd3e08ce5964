// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokenfile;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.pushserver.contact.ContactHeader;
import org.pushserver.contact.SipContact;
import org.pushserver.push.AppKey;
import org.pushserver.push.TokenPair;
import org.pushserver.tokenfile.TokenFields.BadFieldException;

/**
 * A row of the table in which OpenSIPS and Kamailio keep registrations: {@code location}. What is
 * of use to us stands in the parameters of its contact. Pure.
 */
final class ContactRow {
  static final String CONTACT = "contact";

  private static final String INSTANCE = "sip-instance";
  private static final String KAMAILIO_INSTANCE = "instance";
  private static final String MODIFIED = "last-modified";

  private ContactRow() {}

  /**
   * The fields of the device that a row has registered.
   *
   * @param configured whether there is such an application: a phone may write its name in several
   *     ways
   */
  static Map<String, String> fields(Map<String, String> row, Predicate<AppKey> configured)
      throws BadFieldException {
    ContactHeader header = ContactHeader.read(row.getOrDefault(CONTACT, ""));
    if (header.problem() != null) {
      throw new BadFieldException("its contact " + header.problem());
    } else if (header.devices().isEmpty()) {
      throw new BadFieldException("its contact has no push parameters");
    }
    SipContact device = header.devices().get(0);
    Map<String, String> fields = new HashMap<>();
    for (String name :
        new String[] {TokenFields.USER, TokenFields.DOMAIN, TokenFields.USER_AGENT}) {
      put(fields, name, row.get(name));
    }
    put(fields, TokenFields.APP_ID, appId(device, configured));
    put(fields, TokenFields.PLATFORM, device.platform());
    TokenPair tokens = device.tokens();
    boolean two = tokens.voip() != null && tokens.remote() != null && !tokens.isLone();
    put(fields, TokenFields.TOKEN, tokens.voip() == null ? tokens.remote() : tokens.voip());
    put(fields, TokenFields.BACKGROUND, two ? tokens.remote() : null);
    String instance = row.getOrDefault(INSTANCE, row.get(KAMAILIO_INSTANCE));
    put(fields, TokenFields.DEVICE_ID, instance == null ? device.deviceId() : instance);
    put(fields, TokenFields.SILENT, device.silent() == null ? null : device.silent().toString());
    put(fields, TokenFields.STORED_AT, row.get(MODIFIED));
    return fields;
  }

  private static void put(Map<String, String> fields, String name, String value) {
    if (value != null) {
      fields.put(name, value);
    }
  }

  private static String appId(SipContact device, Predicate<AppKey> configured) {
    return device.appIds().stream()
        .filter(name -> configured.test(new AppKey(name, device.platform())))
        .findFirst()
        .orElse(device.appId());
  }
}
