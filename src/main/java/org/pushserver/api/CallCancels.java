// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.pushserver.audit.PushLogLines;
import org.pushserver.contact.ContactHeader;
import org.pushserver.contact.SipContact;
import org.pushserver.dispatch.CallCancel;
import org.pushserver.dispatch.Dispatcher;
import org.pushserver.dispatch.RungDevice;
import org.pushserver.events.Application;
import org.pushserver.log.LogLine;
import org.pushserver.push.AccountAsker;
import org.pushserver.push.Details;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Kind;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cancels of calls whose devices nobody names: those that were rung are told, each as its
 * application is, and rings that wait are withdrawn. Confined to one event loop.
 */
final class CallCancels {
  private static final Logger LOG = LoggerFactory.getLogger("org.pushserver.push");

  /** The reason that phones are given when a client has gone away: mostly its time was over. */
  private static final String GONE = "timeout";

  private final Dispatcher dispatcher;
  private final Time time;

  /** What came of the cancel for one device. */
  enum Told {
    /** Its ring was not sent. */
    WITHDRAWN,
    /** The push service took a cancel for it. */
    PUSHED,
    /** It may ring on. */
    UNTOLD
  }

  /**
   * What all devices of a call are told.
   *
   * @param reason null for none
   * @param ttl how long that is worth sending, in milliseconds; negative for as long as usual
   * @param extra the fields that only some application types ask for
   */
  private record Words(
      String callId, String reason, long ttl, Map<String, String> extra, Object asker) {}

  /** Who cancels a call, and the account that it is for. */
  private record OfAccount(Object asker, String account) implements AccountAsker {
    /** Only who. */
    @Override
    public String toString() {
      return String.valueOf(asker);
    }
  }

  CallCancels(Dispatcher dispatcher, Time time) {
    this.dispatcher = dispatcher;
    this.time = time;
  }

  /** Whether a request is a cancel that says nothing about the device that it is for. */
  static boolean isMeant(RequestFields fields) {
    return Event.CANCEL.name().equals(fields.text(Field.EVENT))
        && !fields.has(Field.APP_ID)
        && !fields.has(Field.PLATFORM)
        && !fields.has(Field.TOKEN)
        && !fields.isForContacts();
  }

  /**
   * Cancels a call by its call-id alone.
   *
   * @return does not fail
   * @throws RequestRefused when something in it is wrong
   */
  Future<RequestAnswer> cancel(RequestFields request, IncomingPush asked) {
    try {
      return cancel(new FieldReader(request), asked);
    } catch (RequestRefused refusal) {
      String callId = request.text(Field.CALL_ID);
      throw callId == null ? refusal : refusal.about(Printable.cut(callId));
    }
  }

  private Future<RequestAnswer> cancel(FieldReader fields, IncomingPush asked) {
    String callId = fields.filledText(Field.CALL_ID);
    if (callId == null) {
      FieldReader.requireNone(List.of(Field.CALL_ID.wireName()));
    }
    Patience patience = Patience.of(fields.millis(Field.WAIT, 0), asked);
    Words words =
        new Words(
            callId,
            fields.text(Field.REASON),
            fields.millis(Field.TTL, 1),
            further(fields),
            asked.caller());
    // All that may be wrong is read by now: who is found here must be told.
    return dispatcher
        .cancel(read(callId, fields, asked.caller()))
        .compose(devices -> tell(devices, words, patience, asked));
  }

  private Future<RequestAnswer> tell(
      List<RungDevice> devices, Words words, Patience patience, IncomingPush asked) {
    String callId = words.callId();
    if (LOG.isInfoEnabled()) {
      LOG.info(
          LogLine.MESSAGE,
          PushLogLines.incomingCancel(
              callId, asked.caller().toString(), asked.body().length, devices.size()));
    }
    if (LOG.isDebugEnabled()) {
      LOG.debug(
          LogLine.MESSAGE,
          PushLogLines.cancelRequest(
              callId, asked.headers(), new String(asked.body(), StandardCharsets.UTF_8)));
    }
    if (devices.isEmpty()) {
      return Future.succeededFuture(new CancelledDevices(0, 0, 0).answer());
    }
    List<Future<Told>> told = new ArrayList<>(devices.size());
    for (RungDevice device : devices) {
      told.add(tell(device, words, !patience.isNone()));
    }
    RequestAnswer onTheirWay = CancelledDevices.onTheirWay(devices.size());
    return patience.isNone()
        ? Future.succeededFuture(onTheirWay)
        : patience.within(
            Future.join(told).map(all -> answer(all.<Told>list())), time, () -> onTheirWay);
  }

  /** Few types want them, and none so much that the phones of the others must ring on. */
  private static Map<String, String> further(FieldReader fields) {
    try {
      return fields.further();
    } catch (RequestRefused tooMany) {
      return Map.of();
    }
  }

  /**
   * Cancels a ring when who asked for it goes away before its end, unless somebody else wants it.
   *
   * @param end of the ring
   */
  void whenGone(Push ring, Future<Outcome> end, IncomingPush asked) {
    if (ring.event().kind() != Kind.RING || ring.callId().isEmpty()) {
      return;
    }
    boolean[] isGone = {false};
    asked.whenGone(
        () -> {
          if (!end.isComplete()) {
            isGone[0] = true;
            gone(ring, asked.caller());
          }
        });
    end.onComplete(
        ended -> {
          if (!isGone[0]) {
            dispatcher.answered(ring);
          }
        });
  }

  private void gone(Push ring, Caller caller) {
    dispatcher.left(ring).onSuccess(isUnwanted -> gone(ring, caller, isUnwanted));
  }

  private void gone(Push ring, Caller caller, boolean isUnwanted) {
    if (LOG.isInfoEnabled()) {
      LOG.info(LogLine.MESSAGE, PushLogLines.gone(ring, caller.toString(), isUnwanted));
    }
    if (isUnwanted) {
      Words words = new Words(ring.callId(), GONE, -1, Map.of(), ring.asker());
      Future<Told> unused = tell(RungDevice.of(ring), words, false);
    }
  }

  private static CallCancel read(String callId, FieldReader fields, Caller caller) {
    List<String> excepted = fields.excepted();
    Set<String> names = new HashSet<>(excepted);
    Set<String> ids = new HashSet<>();
    for (String one : excepted) {
      if (ContactHeader.isMeant(one)) {
        ContactHeader.read(one).devices().forEach(device -> names.addAll(tokens(device)));
      }
      String id = id(one);
      if (id != null) {
        ids.add(id);
      }
    }
    String only = id(fields.text(Field.DEVICE_ID));
    return new CallCancel(callId, names, ids, caller::mayUse, only);
  }

  private static List<String> tokens(SipContact device) {
    return Stream.of(device.tokens().voip(), device.tokens().remote())
        .filter(Objects::nonNull)
        .toList();
  }

  /** As device-ids compare; null when there is none. */
  private static String id(String text) {
    String id = PushReader.deviceId(text);
    return id == null ? null : id.toLowerCase(Locale.ROOT);
  }

  private static RequestAnswer answer(List<Told> told) {
    int withdrawn = 0;
    int pushed = 0;
    for (Told one : told) {
      withdrawn += one == Told.WITHDRAWN ? 1 : 0;
      pushed += one == Told.PUSHED ? 1 : 0;
    }
    int untold = told.size() - withdrawn - pushed;
    return new CancelledDevices(withdrawn, pushed, untold).answer();
  }

  private Future<Told> tell(RungDevice rung, Words words, boolean waits) {
    Application application = dispatcher.application(rung.app()).orElse(null);
    if (application == null) {
      return Future.succeededFuture(Told.UNTOLD);
    }
    ApplicationType type = application.type();
    // A phone whose only token is for VoIP pushes cannot be told either.
    Optional<Event> event =
        cancel(type)
            .filter(
                one ->
                    !application.tokens().pick(rung.device().registration(), one.kind()).isEmpty());
    Push push = push(rung, application, event.orElse(Event.CANCEL), words);
    if (event.isEmpty()) {
      return dispatcher.withdraw(push).map(CallCancels::withdrawn);
    }
    return waits
        ? dispatcher.deliver(push).map(CallCancels::told)
        : dispatcher.accept(push).map(refused -> Told.PUSHED);
  }

  /** The event by which phones are told to stop ringing; empty when they cannot be. */
  static Optional<Event> cancel(ApplicationType type) {
    return type.events().stream().filter(event -> event.kind() == Kind.CANCEL).findFirst();
  }

  private static Told told(Outcome outcome) {
    if (outcome.result() == Result.DELIVERED) {
      return Told.PUSHED;
    }
    return outcome.result() == Result.SUPERSEDED ? Told.WITHDRAWN : Told.UNTOLD;
  }

  /** One that has been answered meanwhile is on the phone. */
  private static Told withdrawn(Optional<Outcome> outcome) {
    return outcome
        .filter(end -> end.result() == Result.SUPERSEDED)
        .filter(end -> !Dispatcher.wasRung(end))
        .map(end -> Told.WITHDRAWN)
        .orElse(Told.UNTOLD);
  }

  /** Whoever is told of the cancel finds it where the ring is: under the account of that. */
  private static Object asker(RungDevice rung, Object asker) {
    return rung.account() == null || asker instanceof AccountAsker
        ? asker
        : new OfAccount(asker, rung.account());
  }

  private Push push(RungDevice rung, Application application, Event event, Words words) {
    Device device = rung.device();
    String picked = application.tokens().pick(device.registration(), event.kind());
    String token = picked.isEmpty() ? device.token() : picked;
    long now = time.now();
    return new Push(
        UUID.randomUUID(),
        rung.app(),
        new Device(token, device.id(), device.registration(), device.withoutVoip(), device.ref()),
        event,
        words.callId(),
        new Details(
            rung.from(),
            rung.fromDisplayName(),
            rung.to(),
            rung.mediaType(),
            true,
            words.reason(),
            1,
            null,
            null,
            null,
            null,
            null,
            application.type().wantsExtraFields() ? words.extra() : Map.of()),
        now,
        now + PushReader.life(words.ttl(), application.delivery(), event.kind()),
        null,
        asker(rung, words.asker()));
  }
}
