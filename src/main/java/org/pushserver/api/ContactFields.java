// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The contacts of a request of JSON: {@code contacts} is an array of texts, or of objects with
 * {@code contact} and {@code ref}; a lone one may be such fields of the request itself. Read in a
 * second pass, which only requests pay for that name contacts.
 */
final class ContactFields {
  private final JsonParser parser;
  private final List<NamedContact> found = new ArrayList<>();
  private String contact;
  private String ref = "";

  private ContactFields(JsonParser parser) {
    this.parser = parser;
  }

  /**
   * Reads them.
   *
   * @param body what {@link JsonReader#read} has found to be one JSON object
   * @param json from {@link JsonReader#factory}
   * @throws RequestRefused when they are not given as they must be
   */
  static List<NamedContact> read(byte[] body, JsonFactory json) {
    try (JsonParser parser = json.createParser(body)) {
      ContactFields fields = new ContactFields(parser);
      fields.readRequest();
      return fields.found;
    } catch (IOException e) {
      throw new UncheckedIOException("the body was good JSON a moment ago", e);
    }
  }

  private void readRequest() throws IOException {
    parser.nextToken();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      if (!readLone(name)) {
        JsonToken type = parser.nextToken();
        if (name.equals(NamedContact.CONTACTS) && type != JsonToken.VALUE_NULL) {
          readAll(type);
        } else {
          parser.skipChildren();
        }
      }
    }
    addLone();
  }

  /** Reads contact or ref; whether it was one of them. */
  private boolean readLone(String name) throws IOException {
    switch (name) {
      case NamedContact.CONTACT -> contact = text(name);
      case NamedContact.REF -> ref = text(name);
      default -> {
        return false;
      }
    }
    return true;
  }

  /** A number stands for its text, as elsewhere. */
  private String text(String name) throws IOException {
    JsonToken type = parser.nextToken();
    if (type == JsonToken.VALUE_NULL) {
      return name.equals(NamedContact.REF) ? "" : null;
    }
    if (type != JsonToken.VALUE_STRING && !type.isNumeric()) {
      throw RequestRefused.badRequest("Field '" + name + "' must be a string");
    }
    return parser.getText();
  }

  private void readAll(JsonToken type) throws IOException {
    if (type != JsonToken.START_ARRAY) {
      throw RequestRefused.badRequest("Field 'contacts' must be an array");
    }
    String loneContact = contact;
    String loneRef = ref;
    for (JsonToken next = parser.nextToken();
        next != JsonToken.END_ARRAY;
        next = parser.nextToken()) {
      contact = null;
      ref = "";
      if (next == JsonToken.VALUE_STRING) {
        contact = parser.getText();
      } else if (next == JsonToken.START_OBJECT) {
        readOne();
      }
      if (contact == null) {
        throw RequestRefused.badRequest(
            "Field 'contacts' must have strings in it, or objects with a 'contact' each");
      }
      addLone();
    }
    contact = loneContact;
    ref = loneRef;
  }

  private void readOne() throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      if (!readLone(parser.currentName())) {
        parser.nextToken();
        parser.skipChildren();
      }
    }
  }

  private void addLone() {
    if (contact != null) {
      found.add(NamedContact.of(contact, ref));
    }
  }
}
