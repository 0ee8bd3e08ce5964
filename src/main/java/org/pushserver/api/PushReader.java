// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import com.fasterxml.jackson.core.JsonFactory;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.pushserver.dispatch.Dispatcher;
import org.pushserver.events.Application;
import org.pushserver.push.Details;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Kind;
import org.pushserver.push.Push;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Time;
import org.pushserver.spi.TokenForm;
import org.pushserver.tokens.DeviceAsker;
import org.pushserver.tokens.StoredToken;

/** Makes a push of the fields of a request, or says why they cannot be one. */
final class PushReader {
  private static final String URN = "urn:uuid:";
  private static final String WRAPPING = "<>\"'\\";

  /** Existing installations send, and got away with, anonymous calls. */
  private static final Set<Field> MAY_BE_EMPTY = EnumSet.of(Field.CALL_ID, Field.FROM, Field.TO);

  private final ApplicationFinder applications;
  private final Time time;

  /**
   * What was read.
   *
   * @param mended the names of the texts that were not as they should be
   * @param refusal of a cancel that its phone cannot be told: what is wrong with it when there is
   *     no ring to withdraw; null of all others
   * @param patience how long its sender waits for its end, in milliseconds; negative when neither
   *     the request nor the application says
   */
  record ReadPush(Push push, List<String> mended, RequestRefused refusal, long patience) {}

  PushReader(Dispatcher dispatcher, Time time) {
    this.applications = new ApplicationFinder(dispatcher);
    this.time = time;
  }

  /**
   * Reads and checks a request of JSON.
   *
   * @param json from {@link JsonReader#factory}
   * @throws RequestRefused 400, 403, 404 or 503
   */
  ReadPush read(byte[] body, JsonFactory json, Caller caller) {
    return read(JsonReader.read(body, json), caller);
  }

  /**
   * Checks a request. The order is part of the contract with callers: application and platform
   * present, allowed for its key, both configured, fields present, values right.
   *
   * @throws RequestRefused 400, 403, 404 or 503
   */
  ReadPush read(RequestFields fields, Caller caller) {
    return read(fields, caller, null);
  }

  /**
   * The same.
   *
   * @param stored the device that the fields name, where it is a stored one: its token was found
   *     good when it was stored; null for one that the request names
   */
  ReadPush read(RequestFields fields, Caller caller, StoredToken stored) {
    try {
      return read(new FieldReader(fields), caller, stored);
    } catch (RequestRefused refusal) {
      String callId = fields.text(Field.CALL_ID);
      RequestRefused about = callId == null ? refusal : refusal.about(Printable.cut(callId));
      throw applications
          .named(fields.text(Field.APP_ID), fields.text(Field.PLATFORM))
          .map(about::of)
          .orElse(about);
    }
  }

  private ReadPush read(FieldReader fields, Caller caller, StoredToken stored) {
    Application application = application(fields, caller);
    try {
      return read(fields, application, caller, stored);
    } catch (RequestRefused refusal) {
      throw applications.asItWas(refusal, fields.text(Field.PLATFORM));
    }
  }

  private ReadPush read(
      FieldReader fields, Application application, Caller caller, StoredToken stored) {
    ApplicationType type = application.type();
    Map<String, String> extra = type.wantsExtraFields() ? fields.further() : Map.of();
    Optional<Event> named = event(fields, type);
    RequestRefused refusal = null;
    if (named.isEmpty() && isUntellable(fields, type)) {
      refusal = refusal(fields, extra, type);
      named = Optional.of(Event.CANCEL);
    } else {
      requireFields(fields, extra, type, named);
    }
    Event event = named.orElseThrow(() -> unknownEvent(fields, type));

    String callId = Objects.requireNonNullElse(fields.text(Field.CALL_ID), "");
    Details details = details(fields, extra, type, event.kind());
    String token = fields.text(Field.TOKEN);
    TokenForm tokens = application.tokens();
    String kind = fields.tokenKind();
    String registered = kind == null ? token : tokens.ofKind(token, kind);
    Optional<String> problem = stored == null ? tokens.problem(registered) : Optional.empty();
    problem.or(() -> tokens.unfit(registered, event.kind())).ifPresent(PushReader::refuseToken);
    String used = tokens.pick(registered, event.kind());
    if (used.isEmpty()) {
      RequestRefused none = noToken(event, stored);
      if (event.kind() != Kind.CANCEL) {
        throw none;
      }
      refusal = refusal == null ? none : refusal;
      used = tokens.pick(registered, Kind.RING);
    }
    Device device =
        new Device(
            used,
            deviceId(fields.text(Field.DEVICE_ID)),
            token,
            tokens.isWithoutVoip(registered),
            fields.filledText(Field.REF));

    long now = time.now();
    long asked = fields.millis(Field.TTL, 1);
    long deadline = now + life(asked, application.delivery(), event.kind());
    String request = application.keepsRequests() ? fields.json() : null;
    return new ReadPush(
        new Push(
            randomId(),
            application.key(),
            device,
            event,
            callId,
            details,
            now,
            deadline,
            request,
            stored == null ? caller : new DeviceAsker(caller, stored)),
        fields.mendedFields(),
        refusal,
        wait(fields, application.delivery()));
  }

  /**
   * How long a push is worth sending: as the request says, but never longer than the application
   * allows; in milliseconds.
   *
   * @param asked negative when the request does not say
   */
  static long life(long asked, Delivery delivery, Kind kind) {
    return asked < 0
        ? delivery.ttl(kind).toMillis()
        : Math.min(asked, delivery.deadline(kind).toMillis());
  }

  private static long wait(FieldReader fields, Delivery delivery) {
    long asked = fields.millis(Field.WAIT, 0);
    return asked < 0 && delivery.answerWait() != null ? delivery.answerWait().toMillis() : asked;
  }

  /**
   * Whether it is a cancel for phones that understand none. Its ring can be withdrawn all the same,
   * while that waits.
   */
  private static boolean isUntellable(FieldReader fields, ApplicationType type) {
    return Event.CANCEL.name().equals(fields.text(Field.EVENT))
        && fields.isFilled(Field.TOKEN)
        && fields.isFilled(Field.CALL_ID)
        && CallCancels.cancel(type).isEmpty();
  }

  private static RequestRefused refusal(
      FieldReader fields, Map<String, String> extra, ApplicationType type) {
    try {
      requireFields(fields, extra, type, Optional.empty());
      return unknownEvent(fields, type);
    } catch (RequestRefused missing) {
      return missing;
    }
  }

  private static RequestRefused noToken(Event event, StoredToken stored) {
    return stored != null && stored.isForCallsAlone()
        ? RequestRefused.deadForAllButCalls(event.toString())
        : RequestRefused.badRequest(
            "Field 'token' has only a token for calls, and '" + event + "' is none");
  }

  /**
   * @param allowed what it must be, and where it is not
   */
  private static void refuseToken(String allowed) {
    throw RequestRefused.badRequest("Field 'token' must be " + allowed);
  }

  private Application application(FieldReader fields, Caller caller) {
    for (Field field : List.of(Field.APP_ID, Field.PLATFORM)) {
      if (!fields.isFilled(field)) {
        FieldReader.requireNone(List.of(field.wireName()));
      }
    }
    return applications.find(fields.text(Field.APP_ID), fields.text(Field.PLATFORM), caller);
  }

  private static Optional<Event> event(FieldReader fields, ApplicationType type) {
    return fields.isFilled(Field.EVENT)
        ? type.event(fields.text(Field.EVENT))
        : type.defaultEvent();
  }

  /** Without a known event, a request must have what the type's first one needs. */
  private static void requireFields(
      FieldReader fields, Map<String, String> extra, ApplicationType type, Optional<Event> event) {
    List<String> missing = new ArrayList<>(0);
    if (!fields.isFilled(Field.EVENT) && type.defaultEvent().isEmpty()) {
      missing.add(Field.EVENT.wireName());
    }
    if (!fields.isFilled(Field.TOKEN)) {
      missing.add(Field.TOKEN.wireName());
    }
    for (String name : type.requiredFields(event.orElse(type.events().get(0)))) {
      Field field = Field.named(name);
      if (field == null ? extra.getOrDefault(name, "").isEmpty() : !isGiven(fields, field)) {
        missing.add(name);
      }
    }
    FieldReader.requireNone(missing);
  }

  private static boolean isGiven(FieldReader fields, Field field) {
    return MAY_BE_EMPTY.contains(field) ? fields.has(field) : fields.isFilled(field);
  }

  private static RequestRefused unknownEvent(FieldReader fields, ApplicationType type) {
    String allowed =
        type.events().stream()
            .map(event -> "'" + event.name() + "'")
            .collect(Collectors.joining(", "));
    return FieldReader.wrong(
        Field.EVENT,
        (type.events().size() == 1 ? "" : "one of ") + allowed,
        Printable.quote(fields.text(Field.EVENT)));
  }

  private static Details details(
      FieldReader fields, Map<String, String> extra, ApplicationType type, Kind kind) {
    return new Details(
        fields.text(Field.FROM),
        fields.filledText(Field.FROM_DISPLAY_NAME),
        fields.text(Field.TO),
        // These may leave their media type out, so what they say there is never their undoing.
        fields.mediaType(type.mediaTypes(), kind != Kind.CANCEL && kind != Kind.WAKE),
        fields.silent(),
        fields.text(Field.REASON),
        fields.badge(),
        fields.text(Field.ACCOUNT),
        fields.text(Field.FILENAME),
        fields.text(Field.FILETYPE),
        fields.text(Field.CONTENT),
        fields.text(Field.CONTENT_TYPE),
        extra);
  }

  /**
   * A device-id without the quotes, angle brackets and prefix that it has in SIP's {@code
   * +sip.instance}, in any order.
   */
  static String deviceId(String text) {
    if (text == null) {
      return null;
    }
    int start = 0;
    int end = text.length();
    while (start < end && isWrapping(text.charAt(start))) {
      start++;
    }
    while (start < end && isWrapping(text.charAt(end - 1))) {
      end--;
    }
    if (text.regionMatches(true, start, URN, 0, URN.length())) {
      start += URN.length();
    }
    return start == end ? null : text.substring(start, end);
  }

  private static boolean isWrapping(char c) {
    return WRAPPING.indexOf(c) >= 0 || Character.isWhitespace(c);
  }

  /**
   * A random (version 4) UUID from the fast generator: it names a push in logs and on retries, and
   * guessing one opens nothing, so it need not cost a draw from the system's secure one.
   */
  private static UUID randomId() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return new UUID(
        (random.nextLong() & ~0xF000L) | 0x4000L,
        (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L);
  }
}
