// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.pushserver.apns.ApnsProvider;
import org.pushserver.audit.PushLog;
import org.pushserver.events.PushListener;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.Answer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Kind;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.queue.LooseService.Attempt;
import org.pushserver.spi.SamplePush;
import org.pushserver.spi.TokenForm;

/**
 * A send queue on the test's thread, with push services and time moved by hand, and what must hold
 * whatever happens to it. Each breach fails the test at once.
 */
final class SendQueueModel {
  /** Small, so that random tests fill it. */
  static final int MAX_QUEUE = 20;

  /** A request, and what its caller was told. */
  static final class Request {
    final Push push;
    private Outcome told;
    private boolean isRepeated;

    private Request(Push push) {
      this.push = push;
    }

    private void tell(Outcome outcome) {
      assertNull(told, () -> "told twice: " + push);
      told = outcome;
    }

    Optional<Outcome> outcome() {
      return Optional.ofNullable(told);
    }
  }

  final ManualTime time = new ManualTime(SamplePush.BORN);
  final QueueMemory memory = new QueueMemory(Long.MAX_VALUE);
  final SendQueue sendQueue;
  final List<Request> requests = new ArrayList<>();
  final List<Push> sent = new ArrayList<>();
  final List<LooseService> services = new ArrayList<>();

  /** The number of each push in the order of arrival. */
  private final Map<UUID, Long> arrivedAt = new HashMap<>();

  /** What each ring that went into the queue stands for: itself, and what repeats it. */
  private final Map<UUID, List<Push>> standsFor = new HashMap<>();

  /** When each push is over, whatever the wall clock says. */
  private final Map<UUID, Long> deadlines = new HashMap<>();

  /** Of what was handed in, by the push. */
  private final Map<UUID, Request> handedIn = new HashMap<>();

  /** Those that must not be sent, by the push. */
  private final Set<UUID> mute = new HashSet<>();

  /** The pushes of calls that were accepted. */
  private final List<Push> calls = new ArrayList<>();

  private final PushListener listener = PushListener.all(new PushLog(time), new Notes());

  /** After how long rings are pushed once more; null for never. */
  private final Duration repeatAfter;

  /** Of whose phones something was heard. */
  private final Set<UUID> acknowledged = new HashSet<>();

  /** Those that have ended, and were told so. */
  private final Set<UUID> ended = new HashSet<>();

  /** What each push that repeats another shares the end of. */
  private final Map<UUID, UUID> sameAs = new HashMap<>();

  /** Those whose callers were told that they are accepted. */
  private final Set<UUID> promised = new HashSet<>();

  /** Those that have ended as delivered. */
  private final Set<UUID> delivered = new HashSet<>();

  /** Those that were delivered once more. */
  final List<Push> repeated = new ArrayList<>();

  private final RepeatGuard guard =
      new RepeatGuard() {
        @Override
        public boolean mayRepeat(Push ring) {
          return !acknowledged.contains(ring.id());
        }

        @Override
        public void over(String callId, Predicate<AppKey> allowed) {}
      };

  /** Where pushes are kept; null when nobody waits for that. */
  private final HandStore store;

  private long arrivals;
  private final Deque<Runnable> nextTurn = new ArrayDeque<>();

  /** Of Apple's devices. */
  SendQueueModel(int window) {
    this(window, new ApnsProvider().tokens(), null, null);
  }

  /**
   * Of other devices.
   *
   * @param tokens how theirs compare
   */
  SendQueueModel(int window, TokenForm tokens) {
    this(window, tokens, null, null);
  }

  /** Of Apple's devices, whose rings are pushed once more. */
  SendQueueModel(int window, Duration repeatAfter) {
    this(window, new ApnsProvider().tokens(), null, repeatAfter);
  }

  /**
   * @param store where pushes are kept; null when nobody is to wait for that
   */
  SendQueueModel(int window, HandStore store) {
    this(window, new ApnsProvider().tokens(), store, null);
  }

  private SendQueueModel(int window, TokenForm tokens, HandStore store, Duration repeatAfter) {
    this.store = store;
    this.repeatAfter = repeatAfter;
    sendQueue =
        new SendQueue(
            active(window),
            tokens,
            time,
            listener,
            memory,
            store == null ? PushStore.IN_MEMORY : store,
            guard,
            nextTurn::add);
  }

  /** What the listeners were told, in the order in which pushes were accepted. */
  private final class Notes implements PushListener {
    @Override
    public void accepted(Push push, boolean isAwaited) {
      arrivedAt.put(push.id(), ++arrivals);
      if (push.event().kind().isCall()) {
        calls.add(push);
      }
      if (push.event().kind() == Kind.RING) {
        standsFor.put(push.id(), new ArrayList<>(List.of(push)));
      }
    }

    @Override
    public void joined(Push push, Push same) {
      sameAs.put(push.id(), same.id());
      Request request = handedIn.get(push.id());
      if (request != null) {
        request.isRepeated = true;
      }
      if (push.event().kind() == Kind.RING) {
        standsFor.remove(push.id());
        standsFor(earlier(push)).add(push);
      }
    }

    @Override
    public void repeated(Push push, org.pushserver.events.Attempt attempt) {
      if (attempt.answer() instanceof Answer.Delivered) {
        assertFalse(repeated.contains(push), () -> "pushed once more twice: " + push);
        repeated.add(push);
      }
    }

    @Override
    public void ended(Push push, Outcome outcome, long now) {
      assertTrue(ended.add(push.id()), () -> "ended twice: " + push);
      if (outcome.result() == Result.DELIVERED) {
        delivered.add(push.id());
      }
      if (outcome.result() == Result.SUPERSEDED) {
        standsFor.remove(push.id());
      }
    }
  }

  private ActiveService active(int window) {
    LooseService service = new LooseService(window, this::check);
    services.add(service);
    return new ActiveService(
        SampleAnswers.delivery(MAX_QUEUE, repeatAfter),
        (push, now) -> SampleAnswers.PAYLOAD,
        service);
  }

  LooseService service() {
    return services.get(services.size() - 1);
  }

  /** What must be true of every attempt. */
  private void check(Push push) {
    assertFalse(isOver(push), () -> "sent after its deadline: " + push);
    assertFalse(mute.contains(push.id()), () -> "sent though it is not to be: " + push);
    long left = deadlines.get(push.id()) - time.millis();
    assertTrue(
        Math.abs(left - push.remaining(time.now())) <= 1_000,
        () -> "sent with a deadline that is not the wall clock's: " + push);
    assertFalse(
        isTold(push) && standsFor(push).size() < 2,
        () -> "pushed once more though its phone was heard of: " + push);
    LooseService over = service();
    assertTrue(over.open.size() < over.window, "more in flight than the window allows");
    if (push.event().kind() == Kind.RING) {
      for (Push ring : standsFor(push)) {
        assertFalse(
            calls.stream().anyMatch(cancel -> isCancelOf(cancel, ring)),
            () -> "rings after its cancel has come: " + ring);
      }
    }
    for (LooseService service : services) {
      for (Attempt attempt : service.open) {
        assertTrue(
            isOver(attempt.push())
                || standsFor(attempt.push()).stream().noneMatch(ring -> isCancelOf(push, ring)),
            () -> "cancelled while its ring was in flight: " + push);
      }
    }
    sent.add(push);
  }

  private boolean isTold(Push push) {
    return delivered.contains(push.id()) && acknowledged.contains(push.id());
  }

  /** Something is heard of the phone of a push. */
  void acknowledge(Push push) {
    acknowledged.add(push.id());
  }

  private List<Push> standsFor(Push push) {
    return standsFor.getOrDefault(push.id(), List.of(push));
  }

  /** Whether a push is a cancel that came after a ring, and is for the same call. */
  private boolean isCancelOf(Push cancel, Push ring) {
    return cancel.event().kind() == Kind.CANCEL
        && ring.event().kind() == Kind.RING
        && arrivedAt.get(cancel.id()) > arrivedAt.get(ring.id())
        && areOneCall(cancel, ring);
  }

  private static boolean areOneCall(Push push, Push other) {
    return !push.callId().isEmpty()
        && push.callId().equals(other.callId())
        && (isSameId(push.device().id(), other.device().id())
            || tokens(push).stream().anyMatch(tokens(other)::contains));
  }

  private static boolean isSameId(String id, String other) {
    return id != null && id.equalsIgnoreCase(other);
  }

  private static List<String> tokens(Push push) {
    String registration = push.device().registration();
    return push.app().platform().equals(AppKey.APPLE)
        ? List.of(registration.toLowerCase(Locale.ROOT).split("-", -1))
        : List.of(registration);
  }

  @CanIgnoreReturnValue
  Request arrive(Event event, String callId, String device, Duration life, boolean waits) {
    return arrive(event, callId, new Device("token_of_" + device, device), life, waits);
  }

  @CanIgnoreReturnValue
  Request arrive(Event event, String callId, Device device, Duration life, boolean waits) {
    Request request = request(event, callId, device, life);
    boolean isWaiting = waits || event.kind() == Kind.CANCEL;
    sendQueue.take(request.push, caller(request, isWaiting));
    if (isWaiting || request.told != null) {
      requests.add(request);
    }
    settle();
    return request;
  }

  private Request request(Event event, String callId, Device device, Duration life) {
    Push sample = SamplePush.of(event).callId(callId).push();
    Push push =
        new Push(
            UUID.randomUUID(),
            sample.app(),
            device,
            event,
            callId,
            sample.details(),
            time.now(),
            time.now() + life.toMillis());
    Request request = new Request(known(push));
    handedIn.put(push.id(), request);
    return request;
  }

  private NotingCaller caller(Request request, boolean isWaiting) {
    return new NotingCaller(isWaiting) {
      @Override
      public void accepted() {
        super.accepted();
        promised.add(request.push.id());
      }

      @Override
      public void ended(Outcome outcome) {
        super.ended(outcome);
        request.tell(outcome);
        if (!isWaiting && !sameAs.containsValue(request.push.id())) {
          mute.add(request.push.id());
        }
      }
    };
  }

  /** Withdraws rings on behalf of a cancel that is not to be sent; empty when there are none. */
  @CanIgnoreReturnValue
  Optional<Request> withdraw(String callId, Device device) {
    Request request = request(Event.CANCEL, callId, device, Duration.ofSeconds(64));
    mute.add(request.push.id());
    boolean isAny = sendQueue.withdraw(request.push, caller(request, true), () -> {});
    if (isAny) {
      requests.add(request);
    }
    settle();
    return isAny ? Optional.of(request) : Optional.empty();
  }

  /** A ring that came after its call was cancelled. */
  Request overtaken(String callId, Device device) {
    Request request = request(Event.INCOMING_SESSION, callId, device, Duration.ofSeconds(64));
    mute.add(request.push.id());
    sendQueue.end(request.push, caller(request, true));
    requests.add(request);
    settle();
    return request;
  }

  /** The last that went into the queue with the same token. */
  private Push earlier(Push push) {
    for (int at = calls.size() - 1; at >= 0; at--) {
      Push earlier = calls.get(at);
      if (standsFor.containsKey(earlier.id())
          && earlier.event().equals(push.event())
          && earlier.callId().equals(push.callId())
          && earlier.device().token().equalsIgnoreCase(push.device().token())) {
        return earlier;
      }
    }
    throw new AssertionError("nothing to repeat: " + push);
  }

  /** Notes a push that is about to be handed to the send queue. */
  Push known(Push push) {
    deadlines.put(push.id(), time.millis() + push.remaining(time.now()));
    return push;
  }

  private boolean isOver(Push push) {
    return time.millis() >= deadlines.get(push.id());
  }

  /** Ends one of the open attempts, over whichever line; does nothing when none is open. */
  void answer(int which, Answer answer) {
    attempt(which).ifPresent(attempt -> attempt.end().complete(answer));
    settle();
  }

  void fail(int which, boolean certainlyNotSent) {
    attempt(which)
        .ifPresent(
            attempt ->
                attempt
                    .end()
                    .fail(
                        certainlyNotSent
                            ? SampleAnswers.notSent()
                            : new IOException("connection lost")));
    settle();
  }

  private Optional<Attempt> attempt(int which) {
    List<LooseService> busy = services.stream().filter(one -> !one.open.isEmpty()).toList();
    if (busy.isEmpty()) {
      return Optional.empty();
    }
    LooseService service = busy.get(which % busy.size());
    return Optional.of(service.open.remove(which / busy.size() % service.open.size()));
  }

  int openAttempts() {
    return services.stream().mapToInt(one -> one.open.size()).sum();
  }

  void window(int size) {
    service().window = size;
    sendQueue.sendWhatMayGo();
    settle();
  }

  /** Has one of those kept that are being kept, or not; does nothing when none is. */
  void keep(int which, boolean isKept) {
    if (store.open() > 0 && isKept) {
      store.keepOne(which);
    } else if (store.open() > 0) {
      store.failOne(which);
    }
    runTurns();
    // What was kept too late ends now.
    time.advance(Duration.ZERO);
    settle();
  }

  void reload(int window) {
    ActiveService next = active(window);
    LooseService old = services.get(services.size() - 2);
    boolean busy = !old.open.isEmpty();
    boolean left = sendQueue.switchTo(next, listener).isComplete();
    assertEquals(busy, !left, "the old line is left when it is idle");
    settle();
  }

  void setClock(Duration by) {
    time.setClock(by);
    settle();
  }

  void advance(Duration duration) {
    time.advance(duration);
    settle();
  }

  private void runTurns() {
    for (Runnable task = nextTurn.poll(); task != null; task = nextTurn.poll()) {
      task.run();
    }
  }

  private void settle() {
    runTurns();
    PushCounts counts = sendQueue.counts();
    assertTrue(counts.balances(), counts::toString);
    long inTime =
        services.stream()
            .flatMap(one -> one.open.stream())
            .filter(attempt -> !isOver(attempt.push()))
            .count();
    assertEquals(inTime, counts.inFlight(), counts::toString);
    for (Request request : requests) {
      assertTrue(
          request.told != null
              || request.isRepeated
              || !isOver(request.push)
              || (store != null && store.open() > 0),
          () -> "not told at its deadline: " + request.push);
    }
    if (store != null) {
      checkStore();
    }
  }

  /** What must be true whenever the process may end. */
  private void checkStore() {
    for (UUID id : promised) {
      UUID whose = sameAs.getOrDefault(id, id);
      assertTrue(
          ended.contains(whose) || store.isKept(whose) || isEndBeingTold(),
          () -> "accepted, and would be lost: " + id);
    }
    for (UUID id : ended) {
      assertFalse(store.isKept(id), () -> "has ended, and would come back: " + id);
    }
    for (Request request : requests) {
      if (request.push.event().kind() == Kind.CANCEL && isTaken(request)) {
        for (KeptPush kept : store.kept()) {
          assertFalse(
              !isOver(kept.push()) && isCancelOf(request.push, kept.push()),
              () -> "would ring though its cancel was taken: " + kept.push());
        }
      }
    }
  }

  /** An end that waits for the store is told to the caller and to all others in one go. */
  private boolean isEndBeingTold() {
    return store.open() > 0;
  }

  private static boolean isTaken(Request request) {
    return request
        .outcome()
        .map(end -> end.result() == Result.SUPERSEDED || end.result() == Result.DELIVERED)
        .orElse(false);
  }

  private void keepAll() {
    while (store != null && store.open() > 0) {
      keep(0, true);
    }
  }

  /** Answers everything until nothing is left, and checks that all have been told. */
  void finish() {
    keepAll();
    window(8);
    for (int second = 0; second < 9_000 && sendQueue.counts().waiting() + openAttempts() > 0; ) {
      while (openAttempts() > 0) {
        answer(0, SampleAnswers.delivered());
      }
      advance(Duration.ofSeconds(1));
      keepAll();
      second++;
    }
    keepAll();
    for (int second = 0; repeatAfter != null && second < repeatAfter.toSeconds() + 1; second++) {
      advance(Duration.ofSeconds(1));
      while (openAttempts() > 0) {
        answer(0, SampleAnswers.delivered());
      }
    }
    PushCounts counts = sendQueue.counts();
    assertEquals(0, memory.used(), "all memory is given back");
    assertEquals(0, counts.waiting() + counts.inFlight(), counts::toString);
    for (Request request : requests) {
      assertTrue(request.outcome().isPresent(), () -> "never told: " + request.push);
    }
  }
}
