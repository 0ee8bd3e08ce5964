// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the form {@code name=value&name=value}, as scripts send it: percent-encoded, with a plus or
 * {@code %20} for a space, or with whatever is no {@code &}, {@code %} or {@code +} as it is. One
 * pass over the bytes. Confined to one thread.
 */
final class FormReader {
  /** Far more than there are fields, contacts and refs. */
  static final int MOST_NAMES = 256;

  private static final int HEX = 16;

  private final byte[] form;
  private final int longest;

  /** The characters of one name or value. */
  private final byte[] decoded;

  private int length;
  private boolean ascii;

  /** Where the first percent sign is that begins no escape, counted from 1; 0 for nowhere. */
  private int badEscape;

  private boolean mended;
  private int names;
  private final Map<String, String> texts = new LinkedHashMap<>();
  private final List<String> contacts = new ArrayList<>(0);
  private final List<String> refs = new ArrayList<>(0);

  private FormReader(byte[] form, int longest) {
    this.form = form;
    this.longest = longest;
    this.decoded = new byte[form.length];
  }

  /**
   * Reads a form.
   *
   * @param what how it is called in a refusal: the body, or the query
   * @param longest characters that a value may have
   * @throws RequestRefused when it is no form, names a field twice, or has an escape that is none
   */
  static RequestFields read(byte[] form, String what, int longest) {
    FormReader reader = new FormReader(form, longest);
    try {
      reader.readPairs(what);
      if (reader.contacts.isEmpty() && reader.refs.size() == 1) {
        reader.texts.put(NamedContact.REF, reader.refs.get(0));
      }
      List<NamedContact> contacts = NamedContact.of(reader.contacts, reader.refs);
      return RequestFields.ofForm(reader.texts, contacts, reader.mended, reader.wantsForm());
    } catch (RequestRefused refusal) {
      String callId = reader.texts.get(Field.CALL_ID.wireName());
      RequestRefused told = callId == null ? refusal : refusal.about(Printable.cut(callId));
      throw reader.wantsForm() ? told.inForm() : told;
    }
  }

  private boolean wantsForm() {
    return RequestFields.FORM.equals(texts.get(RequestFields.ANSWER));
  }

  private void readPairs(String what) {
    int end = form.length;
    while (end > 0 && isBlank(form[end - 1])) {
      end--;
    }
    int start = 0;
    while (start < end && (isBlank(form[start]) || form[start] == '&')) {
      start++;
    }
    int first = indexOf('&', start, end);
    int equals = indexOf('=', start, first);
    if (equals == start || equals == first) {
      throw RequestRefused.badRequest(
          "The " + what + " is neither a JSON object nor a form such as name=value&name=value");
    }
    while (start < end) {
      int next = indexOf('&', start, end);
      if (next > start) {
        readPair(start, next);
      }
      start = next + 1;
    }
  }

  static boolean isBlank(byte octet) {
    return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
  }

  private int indexOf(char wanted, int start, int end) {
    for (int at = start; at < end; at++) {
      if (form[at] == wanted) {
        return at;
      }
    }
    return end;
  }

  private void readPair(int start, int end) {
    int equals = indexOf('=', start, end);
    decode(start, equals);
    if (badEscape > 0) {
      throw badEscape("A name");
    }
    String name = text().replace('_', '-');
    requireName(name);
    decode(Math.min(equals + 1, end), end);
    Field field = Field.named(name);
    boolean isRef = name.equals(NamedContact.REF);
    boolean strict =
        isRef || name.equals(NamedContact.CONTACT) || (field != null && !field.isShown());
    if (strict && badEscape > 0) {
      throw badEscape("Field '" + name + "'");
    }
    String value = text();
    if (value.length() > longest) {
      throw RequestRefused.badRequest(
          "Field %s has %s characters; at most %s are allowed"
              .formatted(Printable.quote(name), value.length(), longest));
    }
    if (isRef) {
      if (value.indexOf(ShownText.REPLACEMENT) >= 0 && !isUtf8()) {
        throw FieldSource.Texts.noUtf8(name);
      }
      refs.add(value);
    } else if (name.equals(NamedContact.CONTACT)) {
      contacts.add(value);
    } else if (texts.putIfAbsent(name, value) != null) {
      throw RequestRefused.badRequest("Field " + Printable.quote(name) + " is given twice");
    }
  }

  private void requireName(String name) {
    if (++names > MOST_NAMES) {
      throw RequestRefused.badRequest("There are more than " + MOST_NAMES + " names");
    }
    if (name.length() > RequestFields.LONGEST_NAME) {
      throw RequestRefused.badRequest(
          "A name has %s characters; at most %s are allowed"
              .formatted(name.length(), RequestFields.LONGEST_NAME));
    }
  }

  private RequestRefused badEscape(String of) {
    return RequestRefused.badRequest(
        "%s has a %% without two hexadecimal digits behind it, at character %s"
            .formatted(of, badEscape));
  }

  /** A percent sign that begins no escape stays one: in a text that is shown it was meant. */
  private void decode(int start, int end) {
    length = 0;
    ascii = true;
    badEscape = 0;
    int at = start;
    while (at < end) {
      byte octet = form[at++];
      if (octet == '+') {
        octet = ' ';
      } else if (octet == '%') {
        int high = at + 1 < end ? Character.digit(form[at], HEX) : -1;
        int low = at + 1 < end ? Character.digit(form[at + 1], HEX) : -1;
        if (high >= 0 && low >= 0) {
          octet = (byte) (high * HEX + low);
          at += 2;
        } else if (badEscape == 0) {
          badEscape = at - start;
        }
      }
      ascii &= octet >= 0;
      decoded[length++] = octet;
    }
  }

  /** What was decoded, with a replacement character for each sequence that is not UTF-8. */
  private String text() {
    if (ascii) {
      return new String(decoded, 0, length, ISO_8859_1);
    }
    String text = new String(decoded, 0, length, UTF_8);
    mended |= text.indexOf(ShownText.REPLACEMENT) >= 0 && !isUtf8();
    return text;
  }

  private boolean isUtf8() {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(decoded, 0, length));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
