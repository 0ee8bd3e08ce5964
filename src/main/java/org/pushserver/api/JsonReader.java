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
import java.util.List;
import org.pushserver.config.Limits;

/** Pulls the fields of a request out of its JSON bytes, in one pass and without a tree. Pure. */
final class JsonReader {
  private static final int LONGEST_NUMBER = 64;

  private JsonReader() {}

  /** A parser of requests that goes no further than the limits. Any thread. */
  static JsonFactory factory(Limits limits) {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(limits.maxDepth())
                .maxDocumentLength(limits.maxBody())
                .maxStringLength(limits.maxString())
                .maxNameLength(RequestFields.LONGEST_NAME)
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
  static RequestFields read(byte[] body, JsonFactory json) {
    byte[] utf8 = utf8(body);
    RequestFields fields = new RequestFields(new FieldSource.Json(utf8, json), utf8 != body);
    try (JsonParser parser = json.createParser(utf8)) {
      readObject(parser, fields);
    } catch (RequestRefused refusal) {
      throw about(refusal, fields);
    } catch (StreamConstraintsException e) {
      throw RequestRefused.badRequest(
          "The body nests too deep, or a name, number or text in it is too long");
    } catch (JsonProcessingException e) {
      throw about(notJson(e), fields);
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
  private static RequestRefused about(RequestRefused refusal, RequestFields fields) {
    String callId = fields.text(Field.CALL_ID);
    RequestRefused told = callId == null ? refusal : refusal.about(Printable.cut(callId));
    return fields.wantsForm() ? told.inForm() : told;
  }

  private static void readObject(JsonParser parser, RequestFields fields) throws IOException {
    JsonToken first = parser.nextToken();
    if (first != JsonToken.START_OBJECT) {
      throw RequestRefused.badRequest(
          "The body must be a JSON object, not " + RequestFields.describe(first));
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      Field field = Field.named(parser.currentName());
      JsonToken type = parser.nextToken();
      if (field == null) {
        fields.requireName(parser.currentName());
        notice(parser.currentName(), type, parser, fields);
        parser.skipChildren();
      } else {
        take(field, type, parser, fields);
      }
    }
    if (parser.nextToken() != null) {
      throw RequestRefused.badRequest("The body must be one JSON object and nothing after it");
    }
  }

  /** What is no field of a push, and yet means something. */
  private static void notice(String name, JsonToken type, JsonParser parser, RequestFields fields)
      throws IOException {
    switch (name) {
      case NamedContact.CONTACT, NamedContact.CONTACTS -> {
        if (type != JsonToken.VALUE_NULL) {
          fields.nameContacts();
        }
      }
      case RequestFields.ANSWER ->
          fields.answerWith(
              type == JsonToken.VALUE_STRING && RequestFields.FORM.equals(parser.getText()));
      default -> {
        // Ignored, unless an application type asks for it.
      }
    }
  }

  private static void take(Field field, JsonToken type, JsonParser parser, RequestFields fields)
      throws IOException {
    if (field == Field.EXCEPT && type == JsonToken.START_ARRAY) {
      fields.takeExcepted(texts(parser));
    } else {
      fields.take(field, type, type.isScalarValue() ? parser.getText() : null);
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
}
