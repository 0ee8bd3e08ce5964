// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.pushserver.config.Limits;

/**
 * The fields of one request as they came: pulled out of the JSON bytes in one pass, without a tree,
 * or handed over as texts by whoever reads another form. What a field must look like, its reader
 * knows. Confined to the thread that made it.
 */
public final class RequestFields {
  /** Characters that a name may have. */
  static final int LONGEST_NAME = 256;

  /** The name by which a request says how it is to be answered. */
  static final String ANSWER = "answer";

  /** That it is to be answered with a form. */
  static final String FORM = "form";

  private static final int LONGEST_NUMBER = 64;

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

  private RequestFields(FieldSource source, boolean mended) {
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
        fields.put(field, JsonToken.VALUE_STRING);
        fields.texts.put(field, text.getValue());
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

  /** A parser of requests that goes no further than the limits. Any thread. */
  static JsonFactory factory(Limits limits) {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(limits.maxDepth())
                .maxDocumentLength(limits.maxBody())
                .maxStringLength(limits.maxString())
                .maxNameLength(LONGEST_NAME)
                .maxNumberLength(LONGEST_NUMBER)
                .build())
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        // In a text that is shown they become spaces, and all others refuse them in better words.
        .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
        // Strangers choose the names: interned, they would stay in memory for good.
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .build();
  }

  /**
   * Reads a request's body.
   *
   * @param json from {@link #factory}
   * @throws RequestRefused when it is not one JSON object, or nests too deep, or names a field
   *     twice
   */
  static RequestFields parse(byte[] body, JsonFactory json) {
    byte[] utf8 = utf8(body);
    RequestFields fields = new RequestFields(new FieldSource.Json(utf8, json), utf8 != body);
    try (JsonParser parser = json.createParser(utf8)) {
      fields.readObject(parser);
    } catch (RequestRefused refusal) {
      throw fields.about(refusal);
    } catch (StreamConstraintsException e) {
      throw RequestRefused.badRequest(
          "The body nests too deep, or a name, number or text in it is too long");
    } catch (JsonProcessingException e) {
      throw fields.about(notJson(e));
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory cannot fail to be read", e);
    }
    return fields;
  }

  /**
   * The parser guesses other encodings and lets ill-formed sequences pass: it gets neither.
   *
   * @return the body itself when it is UTF-8, else a copy with a replacement character for each
   *     sequence that is not
   */
  private static byte[] utf8(byte[] body) {
    boolean ascii = true;
    for (byte octet : body) {
      if (octet == 0) {
        throw RequestRefused.badRequest("The body must be JSON in UTF-8: it contains a NUL byte");
      }
      ascii &= octet > 0;
    }
    if (!ascii) {
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
      } catch (CharacterCodingException e) {
        return new String(body, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
      }
    }
    return body;
  }

  /** A refusal that says whose it is, when that has been read already. */
  private RequestRefused about(RequestRefused refusal) {
    String callId = texts.get(Field.CALL_ID);
    RequestRefused told = callId == null ? refusal : refusal.about(Printable.cut(callId));
    return wantsForm ? told.inForm() : told;
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

  private void readObject(JsonParser parser) throws IOException {
    JsonToken first = parser.nextToken();
    if (first != JsonToken.START_OBJECT) {
      throw RequestRefused.badRequest("The body must be a JSON object, not " + describe(first));
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      Field field = Field.named(parser.currentName());
      JsonToken type = parser.nextToken();
      if (field == null) {
        requireName(parser.currentName());
        notice(parser.currentName(), type, parser);
        parser.skipChildren();
      } else {
        take(field, type, parser);
      }
    }
    if (parser.nextToken() != null) {
      throw RequestRefused.badRequest("The body must be one JSON object and nothing after it");
    }
  }

  /** A known name with a byte too many would be an unknown one, and its value lost. */
  private void requireName(String name) {
    if (isMended(name)) {
      throw source.notUtf8(name);
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw RequestRefused.badRequest("Field " + Printable.quote(name) + " has control characters");
    }
  }

  /** What is no field of a push, and yet means something. */
  private void notice(String name, JsonToken type, JsonParser parser) throws IOException {
    switch (name) {
      case NamedContact.CONTACT, NamedContact.CONTACTS -> contacts |= type != JsonToken.VALUE_NULL;
      case ANSWER -> wantsForm = type == JsonToken.VALUE_STRING && FORM.equals(parser.getText());
      default -> {
        // Ignored, unless an application type asks for it.
      }
    }
  }

  private void take(Field field, JsonToken type, JsonParser parser) throws IOException {
    put(field, type);
    if (type.isScalarValue()) {
      texts.put(field, parser.getText());
    } else if (field == Field.EXCEPT && type == JsonToken.START_ARRAY) {
      excepted = texts(parser);
    } else {
      parser.skipChildren();
    }
  }

  /** The texts of a list; null when there is anything else in it. */
  private static List<String> texts(JsonParser parser) throws IOException {
    List<String> members = new ArrayList<>();
    boolean isGood = true;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      JsonToken type = parser.currentToken();
      isGood &= type == JsonToken.VALUE_STRING || type.isNumeric();
      if (type.isScalarValue()) {
        members.add(parser.getText());
      } else {
        parser.skipChildren();
      }
    }
    return isGood ? members : null;
  }

  private void put(Field field, JsonToken type) {
    if (types.put(field, type) != null) {
      throw RequestRefused.badRequest("Field '" + field.wireName() + "' is given twice");
    }
  }

  private static RequestRefused notJson(JsonProcessingException e) {
    String problem =
        e.getOriginalMessage().startsWith("Duplicate field")
            ? "The body names a field twice"
            : "The body is not valid JSON";
    JsonLocation place = e.getLocation();
    return RequestRefused.badRequest(
        place == null
            ? problem
            : problem + ": line " + place.getLineNr() + ", column " + place.getColumnNr());
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

  private static String describe(JsonToken type) {
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
