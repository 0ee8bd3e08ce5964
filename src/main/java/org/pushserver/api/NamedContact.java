// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import java.util.ArrayList;
import java.util.List;

/**
 * A contact that a request names, as it came.
 *
 * @param text the value of a Contact header, or a URI
 * @param ref what its sender calls it; empty when he does not say
 */
record NamedContact(String text, String ref) {
  static final String CONTACT = "contact";
  static final String CONTACTS = "contacts";
  static final String REF = "ref";

  /** How many a request may name. */
  static final int MOST = 16;

  private static final int LONGEST_REF = 255;

  /**
   * The contacts of a form: each has the ref that came after as many others.
   *
   * @throws RequestRefused when there are not as many refs as contacts, and not none either
   */
  static List<NamedContact> of(List<String> contacts, List<String> refs) {
    if (!refs.isEmpty() && !contacts.isEmpty() && refs.size() != contacts.size()) {
      throw RequestRefused.badRequest(
          "There are %s fields 'contact' and %s fields 'ref'; give each contact its ref, or none"
              .formatted(contacts.size(), refs.size()));
    }
    List<NamedContact> named = new ArrayList<>(contacts.size());
    for (int i = 0; i < contacts.size(); i++) {
      named.add(of(contacts.get(i), refs.isEmpty() ? "" : refs.get(i)));
    }
    return named;
  }

  /**
   * One of them.
   *
   * @throws RequestRefused when the ref is too long, or has characters that no answer could repeat
   */
  static NamedContact of(String text, String ref) {
    if (ref.length() > LONGEST_REF) {
      throw RequestRefused.badRequest(
          "Field 'ref' has %s characters; at most %s are allowed"
              .formatted(ref.length(), LONGEST_REF));
    }
    FieldReader.requireNoControls("ref", ref);
    return new NamedContact(text, ref);
  }
}
