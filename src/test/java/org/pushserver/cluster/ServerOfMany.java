// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.pushserver.fake.Await.await;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.pushserver.dispatch.Dispatcher;
import org.pushserver.dispatch.Fleet;
import org.pushserver.dispatch.OneApplication;
import org.pushserver.push.Answer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Push;
import org.pushserver.queue.DiskAndCopies;
import org.pushserver.queue.PushStore;
import org.pushserver.queue.QueueMemory;
import org.pushserver.queue.RepeatGuard;
import org.pushserver.queue.SampleAnswers;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Payload;
import org.pushserver.spi.PushService;
import org.pushserver.spi.Time;

/** A server of a cluster with one application, whose push service a test opens and answers for. */
final class ServerOfMany {
  static final AppKey KEY = OneApplication.KEY;
  static final Duration DRAIN = Duration.ofSeconds(15);

  final Nodes nodes;
  final SharedPushes shared;
  final Fleet fleet;
  final Dispatcher dispatcher;
  final Service service = new Service();
  final QueueMemory memory = new QueueMemory(100_000_000);
  private final Context caller;

  /**
   * @param hasApplication whether it has the application; else it is starting
   */
  ServerOfMany(Vertx vertx, Nodes nodes, Time time, SignOfLife life, boolean hasApplication) {
    this(vertx, nodes, time, life, hasApplication, null);
  }

  /**
   * @param disk keeps its pushes, too; null when nothing does
   */
  ServerOfMany(
      Vertx vertx,
      Nodes nodes,
      Time time,
      SignOfLife life,
      boolean hasApplication,
      PushStore disk) {
    this.nodes = nodes;
    this.caller = ((VertxInternal) vertx).createEventLoopContext();
    this.shared = new SharedPushes(vertx, nodes, time, memory, life, new ClusterCounts());
    this.fleet =
        new Fleet(
            vertx,
            time,
            shared.listener(),
            DRAIN,
            memory,
            disk == null ? shared.store() : new DiskAndCopies(disk, shared.store()),
            RepeatGuard.NEVER,
            "pushserver.results." + nodes.self().id());
    this.dispatcher = shared.dispatcher(fleet);
    if (hasApplication) {
      startApplication();
    }
  }

  /** Lets it have the application, as one does that has read its configuration. */
  void startApplication() {
    await(OneApplication.start(fleet, service, 1000));
  }

  /** Asks its dispatcher, as a door does. */
  <T> Future<T> at(Supplier<Future<T>> action) {
    Promise<T> promise = Promise.promise();
    caller.runOnContext(turn -> action.get().onComplete(promise));
    return promise.future();
  }

  /** What it has with its push service; closed at first. */
  static final class Service implements PushService {
    private final List<Push> sent = new ArrayList<>();
    private final List<Promise<Answer>> open = new ArrayList<>();
    private Context context;
    private Runnable changed;
    private volatile int window;

    /** Lets it take so many at a time. */
    void window(int size) {
      context.runOnContext(
          turn -> {
            window = size;
            changed.run();
          });
    }

    /** The call-ids, or texts, of what was sent. */
    synchronized List<Push> sent() {
      return List.copyOf(sent);
    }

    /** Has the push service take all that is with it. */
    void deliverAll() {
      answerAll(SampleAnswers.delivered());
    }

    /** Has the push service be too busy for all that is with it. */
    void failAll() {
      answerAll(SampleAnswers.later(Duration.ofSeconds(1)));
    }

    /** Has the push service take nothing of all that is with it. */
    void refuseAll() {
      answerAll(new Answer.Refused(SampleAnswers.said(400, "BadTopic"), Answer.Fault.PUSH));
    }

    private void answerAll(Answer answer) {
      List<Promise<Answer>> all;
      synchronized (this) {
        all = List.copyOf(open);
        open.clear();
      }
      context.runOnContext(turn -> all.forEach(one -> one.complete(answer)));
    }

    @Override
    public Future<Void> open(Vertx vertx, Time time, Runnable windowChanged) {
      context = Vertx.currentContext();
      changed = windowChanged;
      return Future.succeededFuture();
    }

    @Override
    public int window() {
      return window;
    }

    @Override
    public Condition condition() {
      return window > 0 ? Condition.CONNECTED : new Condition(Condition.State.CONNECTING, "down");
    }

    @Override
    public synchronized Future<Answer> send(Push push, Payload payload) {
      sent.add(push);
      Promise<Answer> answer = Promise.promise();
      open.add(answer);
      return answer.future();
    }

    @Override
    public Future<Void> close() {
      return Future.succeededFuture();
    }
  }
}
