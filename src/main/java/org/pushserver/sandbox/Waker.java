// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Queue;
import org.pushserver.cli.ShellCommand;

/**
 * Runs a command for each notification that was taken: it may wake a phone that a test pretends to
 * have. What was sent is in its environment, never in the command, so that nobody who sends can
 * make the shell do anything. One event loop.
 */
final class Waker {
  /** Commands that run at once, and notifications that wait for one to end. */
  private static final int AT_ONCE = 16;

  private static final int MAX_WAITING = 10_000;

  private final Vertx vertx;
  private final String command;
  private final PrintWriter complaints;
  private final Queue<Notification> waiting = new ArrayDeque<>();
  private int running;

  /**
   * @param command for the shell
   * @param complaints where to say that it cannot be run; null for nowhere
   */
  Waker(Vertx vertx, String command, PrintWriter complaints) {
    this.vertx = vertx;
    this.command = command;
    this.complaints = complaints;
  }

  void wake(Notification notification) {
    if (notification.status() != 200 || waiting.size() >= MAX_WAITING) {
      return;
    }
    waiting.add(notification);
    runNext();
  }

  private void runNext() {
    if (running >= AT_ONCE || waiting.isEmpty()) {
      return;
    }
    running++;
    Notification next = waiting.remove();
    vertx
        .executeBlocking(() -> start(next), false)
        .compose(
            process -> Future.fromCompletionStage(process.onExit(), vertx.getOrCreateContext()))
        .onComplete(
            ended -> {
              running--;
              if (ended.failed() && complaints != null) {
                complaints.println("--exec: " + ended.cause().getMessage());
                complaints.flush();
              }
              runNext();
            });
  }

  private Process start(Notification notification) throws IOException {
    Gist gist = Gist.of(notification);
    ProcessBuilder shell = ShellCommand.of(command);
    shell.environment().put("PUSH_SERVICE", notification.service().wireName());
    shell.environment().put("PUSH_TOKEN", plain(gist.token()));
    shell.environment().put("PUSH_APP", plain(gist.app()));
    shell.environment().put("PUSH_EVENT", plain(gist.event()));
    shell.environment().put("PUSH_CALL_ID", plain(gist.callId()));
    shell.environment().put("PUSH_BODY", plain(notification.body()));
    return shell.start();
  }

  /** An environment cannot hold this one character. */
  private static String plain(String text) {
    return text.replace("\0", "");
  }
}
