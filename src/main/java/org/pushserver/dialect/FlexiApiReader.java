// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dialect;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.pushserver.api.Field;
import org.pushserver.api.Printable;
import org.pushserver.api.RequestRefused;
import org.pushserver.push.AppKey;

/** Reads what Flexisip asks of FlexiAPI, its account manager: push parameters of RFC 8599. */
final class FlexiApiReader implements DialectReader {
  @Override
  public List<ForeignPush> read(ForeignRequest request) {
    JsonObject body = ForeignJson.read(request);
    String provider = required(body, "pn_provider");
    String param = required(body, "pn_param");
    PushFields fields =
        new PushFields()
            .put(Field.PLATFORM, provider.equals("apns") ? AppKey.APPLE : provider)
            .put(Field.APP_ID, param)
            .put(Field.TOKEN, required(body, "pn_prid"))
            .event(event(required(body, "type")))
            .put(Field.CALL_ID, ForeignJson.text(body, "call_id"));
    return List.of(ForeignPush.of(param.endsWith(".voip") ? fields : fields.remote()));
  }

  private static String required(JsonObject body, String name) {
    String value = ForeignJson.filled(body, name);
    if (value == null) {
      throw RequestRefused.badRequest("The " + name + " field is required");
    }
    return value;
  }

  private static String event(String type) {
    return switch (type) {
      case "call" -> PushFields.CALL;
      case "message" -> PushFields.MESSAGE;
      case "background" -> PushFields.WAKE;
      default ->
          throw RequestRefused.badRequest(
              "type must be background, message or call, not " + Printable.quote(type));
    };
  }
}
