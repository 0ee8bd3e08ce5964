// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.pushserver.cluster.Node;
import org.pushserver.cluster.Nodes;
import org.pushserver.spi.Time;

/**
 * A cluster whose servers are all in this process, and the network between them, which breaks as a
 * test wants. Questions and answers go over as bytes. Any thread.
 */
public final class OneProcessNodes {
  private final Vertx vertx;
  private final Time time;
  private final List<Member> all = new ArrayList<>();
  private final Map<String, Integer> answered = new HashMap<>();
  private int joined;

  /** What is lost next; null for nothing. */
  private String lost;

  /**
   * @param time passes while an answer is awaited
   */
  public OneProcessNodes(Vertx vertx, Time time) {
    this.vertx = vertx;
    this.time = time;
  }

  /**
   * Lets a server come, which all that it reaches see at once.
   *
   * @param name of its own, or of one that has gone: then it is its next process
   * @return its view of the cluster
   */
  public synchronized Nodes join(String name) {
    Member member = new Member(new Node(name + "-" + ++joined, name, "test"));
    all.add(member);
    tellChanges();
    return member;
  }

  /** Ends a server at once: the others see at once that it has gone. What it still does is lost. */
  public synchronized void kill(Nodes node) {
    Member dead = (Member) node;
    dead.isDead = true;
    all.remove(dead);
    tellChanges();
  }

  /** Lets a server not answer any more; for the others it still belongs to the cluster. */
  public synchronized void silence(Nodes node) {
    ((Member) node).isSilent = true;
  }

  /**
   * Lets the others leave out a server. It does not know that itself; what they say does not reach
   * it any more.
   */
  public synchronized void leaveOut(Nodes node) {
    ((Member) node).isLeftOut = true;
    tellChanges();
  }

  /**
   * Ends a server's silence: it belongs to the cluster again, and answers also what it was asked
   * meanwhile.
   */
  public synchronized void speak(Nodes node) {
    Member member = (Member) node;
    member.isSilent = false;
    member.isLeftOut = false;
    List<Runnable> unheard = List.copyOf(member.unheard);
    member.unheard.clear();
    unheard.forEach(Runnable::run);
    tellChanges();
  }

  /** Loses the next question of this name, which nobody is told. */
  public synchronized void lose(String what) {
    lost = what;
  }

  /** How many questions of this name were answered. */
  public synchronized int answered(String what) {
    return answered.getOrDefault(what, 0);
  }

  private synchronized void countAnswer(String what) {
    Integer unused = answered.merge(what, 1, Integer::sum);
  }

  /** Cuts some off from all others; on each side the others have left. */
  public synchronized void cut(Nodes... some) {
    all.forEach(member -> member.side = Arrays.asList(some).contains(member) ? 1 : 0);
    tellChanges();
  }

  /** Lets all reach each other again. */
  public synchronized void merge() {
    cut();
  }

  /** Tells those whose view has changed. */
  private void tellChanges() {
    for (Member member : all) {
      List<Node> now = member.isLeftOut ? member.seen : view(member);
      if (!now.equals(member.seen)) {
        member.seen = now;
        member.watchers.forEach(
            watcher -> member.context.runOnContext(turn -> watcher.accept(now)));
      }
    }
  }

  private List<Node> view(Member of) {
    return all.stream()
        .filter(other -> other == of || (other.side == of.side && !other.isLeftOut))
        .map(Member::self)
        .sorted(Comparator.comparing(Node::id))
        .toList();
  }

  private Member find(Node node) {
    return all.stream().filter(one -> one.self.equals(node)).findFirst().orElse(null);
  }

  /** Whether what one says arrives at the other. */
  private static boolean reaches(Member one, Member other) {
    return !one.isDead && !other.isDead && !one.isSilent && one.side == other.side;
  }

  private final class Member implements Nodes {
    private final Node self;
    private final Context context = ((VertxInternal) vertx).createEventLoopContext();
    private final List<Consumer<List<Node>>> watchers = new ArrayList<>();
    private final Map<String, BiFunction<Node, Buffer, Future<Buffer>>> answers = new HashMap<>();
    private final List<Runnable> unheard = new ArrayList<>();
    private List<Node> seen;
    private boolean isDead;
    private boolean isSilent;
    private boolean isLeftOut;
    private int side;

    Member(Node self) {
      this.self = self;
      this.seen = List.of(self);
    }

    @Override
    public Node self() {
      return self;
    }

    @Override
    public List<Node> members() {
      synchronized (OneProcessNodes.this) {
        return seen;
      }
    }

    @Override
    public void watch(Consumer<List<Node>> changed) {
      synchronized (OneProcessNodes.this) {
        watchers.add(changed);
      }
    }

    @Override
    public Future<Buffer> ask(Node node, String what, Buffer body, Duration patience) {
      Context asker = vertx.getOrCreateContext();
      Promise<Buffer> answer = Promise.promise();
      Promise<Buffer> told = Promise.promise();
      long timer =
          time.timer(patience.toMillis(), () -> answer.tryFail(node.name() + " did not answer"));
      answer
          .future()
          .onComplete(
              (said, cause) -> {
                time.cancel(timer);
                asker.runOnContext(
                    turn -> {
                      if (cause == null) {
                        told.complete(said.copy());
                      } else {
                        told.fail(cause);
                      }
                    });
              });
      synchronized (OneProcessNodes.this) {
        Member other = find(node);
        if (other == null) {
          answer.fail(node.name() + " has gone");
        } else if (what.equals(lost)) {
          lost = null;
        } else if (reaches(this, other)) {
          other.hear(this, what, body.copy(), answer);
        }
      }
      return told.future();
    }

    private void hear(Member asker, String what, Buffer body, Promise<Buffer> answer) {
      if (isSilent) {
        unheard.add(() -> hear(asker, what, body, answer));
        return;
      }
      BiFunction<Node, Buffer, Future<Buffer>> says = answers.get(what);
      if (says == null) {
        answer.tryFail("nobody answers " + what);
        return;
      }
      context.runOnContext(
          turn ->
              says.apply(asker.self, body)
                  .onComplete(
                      (said, cause) -> {
                        countAnswer(what);
                        reply(asker, said, cause, answer);
                      }));
    }

    private void reply(Member asker, Buffer said, Throwable cause, Promise<Buffer> answer) {
      synchronized (OneProcessNodes.this) {
        if (asker.isLeftOut || !reaches(this, asker)) {
          return;
        }
      }
      if (cause == null) {
        answer.tryComplete(Objects.requireNonNull(said, "no answer"));
      } else {
        answer.tryFail(cause);
      }
    }

    @Override
    public void answer(String what, BiFunction<Node, Buffer, Future<Buffer>> answer) {
      synchronized (OneProcessNodes.this) {
        answers.put(what, answer);
      }
    }
  }
}
