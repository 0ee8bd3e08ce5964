// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.contract.MediaType;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The OpenAPI document as a judge of requests and answers. */
public final class ApiContract {
  private static final OpenAPIContract CONTRACT = load();

  private ApiContract() {}

  private static OpenAPIContract load() {
    Vertx vertx = Vertx.vertx();
    try {
      JsonObject document = new JsonObject(text());
      withoutForms(document);
      return await(OpenAPIContract.from(vertx, document));
    } finally {
      await(vertx.close());
    }
  }

  /** The library that judges refuses a document with forms in it, or with other kinds of text. */
  private static void withoutForms(JsonObject part) {
    part.remove("application/x-www-form-urlencoded");
    // It does not know what may be null either.
    if (part.remove("nullable") != null) {
      part.remove("type");
    }
    for (String text : List.of("text/csv", "application/jsonl", "text/event-stream")) {
      if (part.containsKey(text)) {
        part.put("text/plain", part.remove(text));
      }
    }
    for (String name : part.fieldNames()) {
      if (part.getValue(name) instanceof JsonObject inner) {
        withoutForms(inner);
      }
    }
  }

  /** The document itself. */
  public static String text() {
    try (InputStream in = ApiDocument.class.getResourceAsStream("openapi.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that it describes. */
  public static Iterable<Operation> operations() {
    return CONTRACT.operations();
  }

  /** Whether it allows this body of {@code POST /push}. */
  static boolean allowsPush(String body) {
    Map<String, MediaType> content = CONTRACT.operation("push").getRequestBody().getContent();
    return judge(content.get("application/json").getSchema(), body).getValid();
  }

  /** Fails unless an operation may answer so. */
  public static void assertMayAnswer(String operation, int status, String type, String body) {
    Operation described = CONTRACT.operation(operation);
    Response response = described.getResponse(status);
    if (response == null) {
      response = described.getDefaultResponse();
    }
    if (response == null) {
      throw new AssertionError(operation + " has no answer " + status);
    }
    MediaType content = response.getContent().get(type.replaceFirst(";.*", ""));
    if (content == null) {
      throw new AssertionError(operation + " does not answer " + status + " as " + type);
    }
    if (type.equals("application/json")) {
      OutputUnit judged = judge(content.getSchema(), body);
      if (!judged.getValid()) {
        throw new AssertionError(
            operation + " does not answer " + status + " with " + body + ": " + judged.getErrors());
      }
    }
  }

  private static OutputUnit judge(JsonSchema schema, String body) {
    return CONTRACT.getSchemaRepository().validator(schema).validate(Json.decodeValue(body));
  }
}
