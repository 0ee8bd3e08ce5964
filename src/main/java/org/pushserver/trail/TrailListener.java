// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.pushserver.events.Application;
import org.pushserver.events.Attempt;
import org.pushserver.events.PushListener;
import org.pushserver.push.AppKey;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Time;
import org.pushserver.trail.TrailStep.What;

/**
 * Writes down what becomes of the pushes of one application, and hands each on when it has ended.
 * Confined to the event loop of the application, but for {@link #underway}.
 */
final class TrailListener implements PushListener {
  /** Of one that waited for less nothing is said. */
  private static final long WORTH_MS = 20;

  /** Of so many that wait an entry is made for one search: pushes are not to wait for it. */
  private static final int MOST_LOOKS = 5_000;

  private static final String AFTER_RESTART = "it was in the spool when the server started";
  private static final String OF_OTHER = "another server had it";
  private static final String MAY_HAVE_ARRIVED = "; it may have reached the phone before";

  private final AppKey app;
  private final TrailIntake queue;
  private final Time time;
  private final Consumer<TrailListener> whenLeft;
  private final Context context = Vertx.currentContext();
  private final Map<UUID, TrailDraft> drafts = new HashMap<>();

  /** Why nothing can be sent; empty while it can be. */
  private String trouble = "";

  /** The last time when nothing could be sent, milliseconds since the epoch; 0 for none yet. */
  private long downAt;

  private String downWhy = "";
  private long upAt;

  /**
   * @param whenLeft told when the application has gone
   */
  TrailListener(AppKey app, TrailIntake queue, Time time, Consumer<TrailListener> whenLeft) {
    this.app = app;
    this.queue = queue;
    this.time = time;
    this.whenLeft = whenLeft;
  }

  AppKey app() {
    return app;
  }

  /** The same: what it knows goes on with the application. */
  @Override
  public PushListener of(Application application) {
    return this;
  }

  @Override
  public void accepted(Push push, boolean isAwaited) {
    drafts.put(push.id(), new TrailDraft(push, isAwaited));
  }

  @Override
  public void kept(Push push) {
    note(push, What.KEPT, "");
  }

  @Override
  public void unkept(Push push) {
    note(push, What.UNKEPT, "");
    TrailDraft draft = drafts.get(push.id());
    if (draft != null) {
      draft.isAwaited();
    }
  }

  @Override
  public void takenUp(Push push, boolean isOfOther, boolean mayHaveArrived) {
    note(
        push,
        What.TAKEN_UP,
        (isOfOther ? OF_OTHER : AFTER_RESTART) + (mayHaveArrived ? MAY_HAVE_ARRIVED : ""));
    TrailDraft draft = drafts.get(push.id());
    if (draft != null && !isOfOther) {
      draft.nobodyIsTold();
    }
  }

  private void note(Push push, What what, String text) {
    TrailDraft draft = drafts.get(push.id());
    if (draft != null) {
      draft.add(TrailStep.of(what, time.now(), text));
    }
  }

  @Override
  public void joined(Push push, Push same) {
    drafts.remove(push.id());
    TrailDraft other = drafts.get(same.id());
    String sender = push.sender();
    TrailStep step =
        TrailStep.of(
            What.JOINED,
            push.bornAt(),
            "the same request again" + (sender == null ? "" : ", from " + sender));
    if (other != null) {
      other.add(step);
    } else {
      // It had ended, and is just being pushed once more.
      queue.offer(new TrailNote(same.id(), same.app(), same.callId(), step));
    }
  }

  @Override
  public void held(Push push) {
    waits(push, "the ring that it cancels is with the push service", -1);
  }

  @Override
  public void pauses(Push push, long ms) {
    waits(push, "it is to be tried again", ms);
  }

  private void waits(Push push, String why, long ms) {
    TrailDraft draft = drafts.get(push.id());
    if (draft != null) {
      draft.add(new TrailStep(What.WAIT, time.now(), 0, 0, why, ms, "", 0));
    }
  }

  @Override
  public void stands(Condition condition) {
    String now = condition.state() == Condition.State.CONNECTED ? "" : condition.reason();
    boolean isDown = condition.state() == Condition.State.CONNECTING;
    if (isDown && trouble.isEmpty()) {
      downAt = time.now();
    } else if (!isDown && !trouble.isEmpty()) {
      upAt = time.now();
    }
    trouble = isDown ? (now.isEmpty() ? "no connection" : now) : "";
    if (isDown) {
      downWhy = trouble;
    }
  }

  @Override
  public void attempted(Push push, Attempt attempt) {
    TrailDraft draft = drafts.get(push.id());
    if (draft != null) {
      if (downAt != 0) {
        outage(draft, attempt.startedAt());
      }
      draft.add(TrailDraft.step(What.ATTEMPT, attempt));
    }
  }

  /** That it waited for the route, if it did, until so late. */
  private void outage(TrailDraft draft, long until) {
    long from = Math.max(downAt, draft.lastAt());
    long to = trouble.isEmpty() ? Math.min(upAt, until) : until;
    if (to - from >= WORTH_MS) {
      draft.add(new TrailStep(What.WAIT, from, 0, 0, downWhy, to - from, "", 0));
    }
  }

  @Override
  public void late(Push push, Attempt attempt) {
    queue.offer(
        new TrailNote(push.id(), push.app(), push.callId(), TrailDraft.step(What.LATE, attempt)));
  }

  @Override
  public void ended(Push push, Outcome outcome, long now) {
    TrailDraft draft = drafts.remove(push.id());
    if (draft == null) {
      draft = new TrailDraft(push, true);
    } else if (downAt != 0) {
      outage(draft, now);
    }
    queue.offer(draft.end(outcome, now));
  }

  @Override
  public void left() {
    whenLeft.accept(this);
  }

  /** Those that have not ended yet and fit a query, as they are now. Any thread. */
  Future<List<TrailEntry>> underway(TrailQuery query) {
    Promise<List<TrailEntry>> found = Promise.promise();
    if (!query.scope().sees(app)) {
      found.complete(List.of());
    } else if (context == null) {
      found.complete(look(query));
    } else {
      context.runOnContext(turn -> found.complete(look(query)));
    }
    return found.future();
  }

  private List<TrailEntry> look(TrailQuery query) {
    List<TrailEntry> found = new ArrayList<>();
    int looked = 0;
    for (TrailDraft draft : drafts.values()) {
      if (found.size() == query.limit() || looked == MOST_LOOKS) {
        break;
      }
      if (draft.mayFit(query)) {
        looked++;
        TrailEntry entry = draft.entry();
        if (query.fits(entry)) {
          found.add(entry);
        }
      }
    }
    return found;
  }
}
