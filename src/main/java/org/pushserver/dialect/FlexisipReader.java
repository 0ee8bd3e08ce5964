// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.pushserver.api.Field;
import org.pushserver.api.Printable;
import org.pushserver.api.RequestRefused;
import org.pushserver.push.AppKey;

/**
 * Reads what Flexisip's {@code external-push-uri} makes of a call or message: a query whose names
 * are ours to choose, and for a message its text as the body.
 */
final class FlexisipReader implements DialectReader {
  private static final List<String> ENVIRONMENTS = List.of(".prod", ".dev");
  private static final List<String> SERVICES = List.of(".voip&remote", ".voip", ".remote");

  @Override
  public List<ForeignPush> read(ForeignRequest request) {
    String name = required(request, "app");
    String app = without(name, ENVIRONMENTS);
    String platform = required(request, "type");
    boolean sandbox = platform.equals(AppKey.APPLE) && name.endsWith(".dev");
    PushFields fields =
        new PushFields()
            .put(Field.PLATFORM, sandbox ? PushFields.SANDBOX : platform)
            .put(Field.APP_ID, without(app, SERVICES))
            .put(Field.TOKEN, required(request, "token"))
            .event(event(required(request, "event")))
            .put(Field.CALL_ID, request.parameter("callid"))
            .put(Field.FROM, request.parameter("from"))
            .put(Field.FROM_DISPLAY_NAME, request.parameter("name"))
            .put(Field.TO, request.parameter("to"))
            .put(Field.DEVICE_ID, request.parameter("uid"));
    if (!app.endsWith(".voip")) {
      fields.remote();
    }
    if (request.body().length > 0) {
      fields
          .put(Field.CONTENT, new String(request.body(), UTF_8))
          .put(Field.CONTENT_TYPE, "text/plain");
    }
    return List.of(ForeignPush.of(fields));
  }

  private static String required(ForeignRequest request, String name) {
    String value = request.parameter(name);
    if (value == null || value.isEmpty()) {
      throw RequestRefused.badRequest(
          "The query must have 'type', 'app', 'token' and 'event'; '%s' is missing"
              .formatted(name));
    }
    return value;
  }

  private static String event(String name) {
    return switch (name) {
      case "call" -> PushFields.CALL;
      case "message" -> PushFields.MESSAGE;
      default ->
          throw RequestRefused.badRequest(
              "'event' must be call or message, not " + Printable.quote(name));
    };
  }

  /** Flexisip puts the environment of Apple's behind it, and for a call what the token is for. */
  private static String without(String name, List<String> ends) {
    for (String end : ends) {
      if (name.endsWith(end) && name.length() > end.length()) {
        return name.substring(0, name.length() - end.length());
      }
    }
    return name;
  }
}
