// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import com.fasterxml.jackson.core.JsonToken;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of one request as they came: from {@link JsonReader} or {@link FormReader}, or handed
 * over as texts by whoever reads something else. What a field must look like, its reader knows.
 * Confined to the thread that made it.
 */
public final class RequestFields {
  /** Characters that a name may have. */
  static final int LONGEST_NAME = 256;

  /** The name by which a request says how it is to be answered. */
  static final String ANSWER = "answer";

  /** That it is to be answered with a form. */
  static final String FORM = "form";

  private final Map<Field, JsonToken> types = new EnumMap<>(Field.class);
  private final Map<Field, String> texts = new EnumMap<>(Field.class);

  /** The members of {@link Field#EXCEPT}; null when it is no list of texts. */
  private List<String> excepted;

  private final FieldSource source;
  private final boolean mended;

  /** Whether the answer is to be a form. */
  private boolean wantsForm;

  /** Whether it names contacts. */
  private boolean contacts;

  /**
   * None yet.
   *
   * @param mended whether bytes that are not UTF-8 came as replacement characters
   */
  RequestFields(FieldSource source, boolean mended) {
    this.source = source;
    this.mended = mended;
  }

  /**
   * The fields of a request that is not JSON.
   *
   * @param texts by their names, which may be written with dashes or underscores; null for one that
   *     is not there. Names that are no {@link Field} are further fields, for the application types
   *     that ask for them. It must not change any more
   * @throws RequestRefused when a name is there in both spellings
   */
  public static RequestFields of(Map<String, String> texts) {
    return ofForm(texts, List.of(), false, false);
  }

  /**
   * The fields of a form.
   *
   * @param mended whether bytes that are not UTF-8 came as replacement characters: they may stay in
   *     texts that are shown, and in no other
   * @param wantsForm whether the answer is to be a form
   */
  static RequestFields ofForm(
      Map<String, String> texts, List<NamedContact> contacts, boolean mended, boolean wantsForm) {
    RequestFields fields = new RequestFields(new FieldSource.Texts(texts, contacts), mended);
    fields.wantsForm = wantsForm;
    fields.contacts = !contacts.isEmpty();
    for (Map.Entry<String, String> text : texts.entrySet()) {
      Field field = Field.named(text.getKey());
      if (field == null) {
        fields.requireName(text.getKey());
      } else if (text.getValue() != null) {
        fields.take(field, JsonToken.VALUE_STRING, text.getValue());
      }
    }
    return fields;
  }

  /**
   * The same request for another device or application.
   *
   * @param others take the place of fields of the same name
   */
  public RequestFields with(Map<Field, String> others) {
    RequestFields fields = new RequestFields(source.of(others), mended);
    fields.types.putAll(types);
    fields.texts.putAll(texts);
    fields.excepted = excepted;
    for (Map.Entry<Field, String> other : others.entrySet()) {
      fields.types.put(other.getKey(), JsonToken.VALUE_STRING);
      fields.texts.put(other.getKey(), other.getValue());
    }
    return fields;
  }

  /**
   * The fields that are none of ours.
   *
   * @throws RequestRefused when there are too many, or they are too long
   */
  Map<String, String> further() {
    return source.further();
  }

  /**
   * Whether it is for the devices of contacts. A request with a token is for that alone, whatever
   * else it names.
   */
  boolean isForContacts() {
    return contacts && !types.containsKey(Field.TOKEN);
  }

  /**
   * The contacts, in their order.
   *
   * @throws RequestRefused when they are not given as they must be
   */
  List<NamedContact> contacts() {
    return source.contacts();
  }

  /** Whether the answer is to be a form. */
  boolean wantsForm() {
    return wantsForm;
  }

  /** The request as one JSON object. */
  String json() {
    return source.json();
  }

  /** Whether this text came with bytes that are not UTF-8, and has replacements for them. */
  boolean isMended(String text) {
    return mended && text.indexOf(ShownText.REPLACEMENT) >= 0;
  }

  /** The refusal of such a text where it cannot stay. */
  RequestRefused notUtf8(Field field) {
    return source.notUtf8(field.wireName());
  }

  /** A known name with a byte too many would be an unknown one, and its value lost. */
  void requireName(String name) {
    if (isMended(name)) {
      throw source.notUtf8(name);
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw RequestRefused.badRequest("Field " + Printable.quote(name) + " has control characters");
    }
  }

  /** Takes in a field, with its text where its value has one. */
  void take(Field field, JsonToken type, String text) {
    put(field, type);
    if (text != null) {
      texts.put(field, text);
    }
  }

  /** Takes in {@link Field#EXCEPT}, written as a list; null when it is no list of texts. */
  void takeExcepted(List<String> members) {
    put(Field.EXCEPT, JsonToken.START_ARRAY);
    excepted = members;
  }

  /** Notes that there are contacts. */
  void nameContacts() {
    contacts = true;
  }

  /** Notes how it is to be answered. */
  void answerWith(boolean form) {
    wantsForm = form;
  }

  private void put(Field field, JsonToken type) {
    if (types.put(field, type) != null) {
      throw RequestRefused.badRequest("Field '" + field.wireName() + "' is given twice");
    }
  }

  /** Whether the request has the field with a value other than null. */
  boolean has(Field field) {
    JsonToken type = types.get(field);
    return type != null && type != JsonToken.VALUE_NULL;
  }

  /** What kind of JSON value the field has; null when the request does not have the field. */
  JsonToken type(Field field) {
    return types.get(field);
  }

  /** The text of a string, number or literal, as written; null for objects, arrays and nothing. */
  String text(Field field) {
    return texts.get(field);
  }

  /** The members of {@link Field#EXCEPT}; null when it is no list of texts. */
  List<String> excepted() {
    return excepted;
  }

  /** The field's value for a message, strings cut to their beginning, or else its type. */
  String describe(Field field) {
    JsonToken type = types.get(field);
    if (type == JsonToken.VALUE_STRING) {
      return Printable.quote(texts.get(field));
    }
    return type != null && type.isNumeric() ? texts.get(field) : describe(type);
  }

  /** In words, for a message. */
  static String describe(JsonToken type) {
    if (type == null) {
      return "nothing";
    }
    return switch (type) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_TRUE -> "true";
      case VALUE_FALSE -> "false";
      case VALUE_NULL -> "null";
      case VALUE_STRING -> "a string";
      default -> "a number";
    };
  }
}
