// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pushserver.dispatch.Dispatcher;
import org.pushserver.events.Application;
import org.pushserver.push.AppKey;
import org.pushserver.spi.TokenForm;
import org.pushserver.tokens.StoredToken;

/** Makes of a request what is stored of a device, or says why it cannot be. */
final class TokenReader {
  static final String USER_AGENT = "user-agent";
  private static final int LONGEST_USER_AGENT = 255;

  private final ApplicationFinder applications;

  TokenReader(Dispatcher dispatcher) {
    this.applications = new ApplicationFinder(dispatcher);
  }

  /**
   * Reads and checks a registration. The order is part of the contract with callers: application
   * and platform present, platform known, both configured, the other fields.
   *
   * @param account whose device it is
   * @param caller who may do so for this account
   * @param now milliseconds since the epoch
   * @throws RequestRefused 400, 403, 404 or 503
   */
  StoredToken read(String account, RequestFields request, Caller caller, long now) {
    FieldReader fields = new FieldReader(request);
    for (Field field : List.of(Field.APP_ID, Field.PLATFORM)) {
      if (!fields.isFilled(field)) {
        FieldReader.requireNone(List.of(field.wireName()));
      }
    }
    Application application =
        applications.find(fields.text(Field.APP_ID), fields.text(Field.PLATFORM), caller);
    require(request, Field.TOKEN, Field.DEVICE_ID);
    TokenForm form = application.tokens();
    String registered = fields.filledText(Field.TOKEN);
    if (registered == null) {
      throw missing(Field.TOKEN);
    }
    form.unstorable(registered)
        .ifPresent(
            allowed -> {
              throw RequestRefused.badRequest("Field 'token' must be " + allowed);
            });
    return new StoredToken(
        account,
        application.key(),
        deviceId(fields),
        form.main(registered),
        form.background(registered),
        fields.silent(),
        userAgent(request.further()),
        now,
        now);
  }

  /** Whether a registration by this name is stored under this application. */
  boolean isCalled(AppKey application, String name) {
    return applications.named(name, application.platform()).filter(application::equals).isPresent();
  }

  private static String deviceId(FieldReader fields) {
    String id = PushReader.deviceId(fields.text(Field.DEVICE_ID));
    if (id == null) {
      throw missing(Field.DEVICE_ID);
    }
    return id;
  }

  /** Nobody reads it but people. */
  private static String userAgent(Map<String, String> further) {
    String text = further.get(USER_AGENT);
    return text == null ? null : ShownText.mend(text, LONGEST_USER_AGENT, false);
  }

  /**
   * Makes sure that fields are there.
   *
   * @throws RequestRefused 400 when some are not, in the words that existing clients know
   */
  static void require(RequestFields request, Field... fields) {
    List<Field> missing = new ArrayList<>(0);
    for (Field field : fields) {
      if (!request.has(field)) {
        missing.add(field);
      }
    }
    if (!missing.isEmpty()) {
      throw missing(missing.toArray(Field[]::new));
    }
  }

  private static RequestRefused missing(Field... fields) {
    List<String> names = List.of(fields).stream().map(Field::wireName).toList();
    return RequestRefused.badRequest("field required: " + String.join(", ", names));
  }
}
