// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.contact;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes the value of a Contact header apart (RFC 3261, sections 20.10 and 25.1), or a URI alone.
 * Goes through the text once, from its beginning to its end. Confined to one thread.
 */
final class ContactSyntax {
  private static final List<String> SCHEMES = List.of("sip:", "sips:", "tel:");

  private final String text;
  private final List<ContactParameters> contacts = new ArrayList<>();
  private int at;

  private ContactSyntax(String text) {
    this.text = text;
  }

  /**
   * The push parameters of each contact, in their order.
   *
   * @throws NoContactException when a quote or a bracket is not closed
   */
  static List<ContactParameters> read(String text) {
    ContactSyntax syntax = new ContactSyntax(text);
    while (syntax.at < text.length()) {
      syntax.contact();
    }
    return syntax.contacts;
  }

  /** Reads one, and the comma behind it. */
  private void contact() {
    ContactParameters parameters = new ContactParameters();
    contacts.add(parameters);
    int start = at;
    int open = beginsWithScheme(start) ? -1 : bracket();
    if (open < 0) {
      at = start;
      int end = endOfUri();
      uri(start, end, parameters);
      at = end + 1;
      return;
    }
    int close = find('>', open, text.length());
    if (close == text.length()) {
      throw new NoContactException("a < is not closed");
    }
    uri(open + 1, close, parameters);
    at = close + 1;
    behind(parameters);
  }

  /** Passes over a display name: the place of the bracket behind it, or -1 when there is none. */
  private int bracket() {
    for (; at < text.length(); at++) {
      switch (text.charAt(at)) {
        case '"' -> at = closing(at);
        case '<' -> {
          return at;
        }
        case ';' -> {
          return -1;
        }
        default -> {
          // Part of a name without quotes.
        }
      }
    }
    return -1;
  }

  /** The place of the quote that closes the one here. */
  private int closing(int quote) {
    for (int place = quote + 1; place < text.length(); place++) {
      char character = text.charAt(place);
      if (character == '"') {
        return place;
      }
      if (character == '\\') {
        place++;
      }
    }
    throw new NoContactException("a quote is not closed");
  }

  /**
   * Where a URI without brackets ends, and what is behind it. A comma may be part of it, unless
   * another contact follows.
   */
  private int endOfUri() {
    for (int place = at; place < text.length(); place++) {
      char character = text.charAt(place);
      if (character == '"') {
        place = closing(place);
      } else if (character == ',' && isContact(place + 1)) {
        return place;
      }
    }
    return text.length();
  }

  private boolean isContact(int start) {
    int place = passBlanks(start);
    return place < text.length()
        && (text.charAt(place) == '<' || text.charAt(place) == '"' || beginsWithScheme(place));
  }

  private boolean beginsWithScheme(int start) {
    int place = passBlanks(start);
    return SCHEMES.stream()
        .anyMatch(scheme -> text.regionMatches(true, place, scheme, 0, scheme.length()));
  }

  private int passBlanks(int start) {
    int place = start;
    while (place < text.length() && Character.isWhitespace(text.charAt(place))) {
      place++;
    }
    return place;
  }

  /** Where a character is, or else the end. */
  private int find(char character, int start, int end) {
    int place = start;
    while (place < end && text.charAt(place) != character) {
      place++;
    }
    return place;
  }

  /** The parameters between the host and the headers. */
  private void uri(int start, int end, ContactParameters parameters) {
    // There may be semicolons and question marks in front of an @, but no @ behind the host.
    int user = find('@', start, end);
    int host = user == end ? start : user;
    int headers = find('?', host, end);
    int semicolon = find(';', host, headers);
    while (semicolon < headers) {
      int next = find(';', semicolon + 1, headers);
      parameters.add(unquoted(text.substring(semicolon + 1, next)));
      semicolon = next;
    }
  }

  /** The parameters behind a bracket, and the comma behind them. */
  private void behind(ContactParameters parameters) {
    int start = -1;
    for (; at < text.length(); at++) {
      char character = text.charAt(at);
      if (character == '"') {
        at = closing(at);
      } else if (character == ';' || character == ',') {
        if (start >= 0) {
          parameters.add(unquoted(text.substring(start, at)));
        }
        start = at + 1;
        if (character == ',') {
          at++;
          return;
        }
      }
    }
    if (start >= 0) {
      parameters.add(unquoted(text.substring(start)));
    }
  }

  /** A parameter whose value is in quotes, without them and their backslashes. */
  private static String unquoted(String parameter) {
    int quote = parameter.indexOf('"');
    if (quote < 0) {
      return parameter;
    }
    StringBuilder plain = new StringBuilder(parameter.length());
    for (int at = 0; at < parameter.length(); at++) {
      char character = parameter.charAt(at);
      if (character == '\\' && at > quote && at + 1 < parameter.length()) {
        at++;
        plain.append(parameter.charAt(at));
      } else if (character != '"') {
        plain.append(character);
      }
    }
    return plain.toString();
  }
}
