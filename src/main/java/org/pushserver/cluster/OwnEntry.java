// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.NodeInfo;

/**
 * What the cluster knows of this server: who it is, and where it is asked. Who was taken for gone
 * is forgotten by the others, and need not notice: one that stood still, or whose network was slow,
 * sees no member leave. So it looks itself. Confined to one event loop.
 */
final class OwnEntry {
  /** Where each says that he is there. */
  static final String HELLO = "pushserver.nodes";

  private final Vertx vertx;
  private final ClusterManager manager;
  private final String address;
  private final NodeInfo told;
  private final Handler<Message<Buffer>> asked;
  private final Handler<Message<String>> greeted;
  private MessageConsumer<Buffer> questions;
  private MessageConsumer<String> greetings;
  private volatile boolean isBusy;
  private boolean isClosed;

  /**
   * @param address where it is asked
   * @param told who it is
   * @param asked takes questions
   * @param greeted takes what others say who are there
   */
  OwnEntry(
      Vertx vertx,
      ClusterManager manager,
      String address,
      NodeInfo told,
      Handler<Message<Buffer>> asked,
      Handler<Message<String>> greeted) {
    this.vertx = vertx;
    this.manager = manager;
    this.address = address;
    this.told = told;
    this.asked = asked;
    this.greeted = greeted;
  }

  /** Lets the cluster know who this is, and where it is asked, and others look at it. */
  Future<Void> write() {
    return listen().compose(listening -> tell());
  }

  private Future<Void> listen() {
    MessageConsumer<Buffer> before = questions;
    questions = vertx.eventBus().consumer(address, asked);
    greetings = greetings == null ? vertx.eventBus().consumer(HELLO, greeted) : greetings;
    return Future.join(questions.completion(), greetings.completion())
        .compose(done -> before == null ? Future.succeededFuture() : before.unregister());
  }

  private Future<Void> tell() {
    Promise<Void> said = Promise.promise();
    manager.setNodeInfo(told, said);
    return said.future().onSuccess(done -> vertx.eventBus().publish(HELLO, manager.getNodeId()));
  }

  /**
   * Writes it again where it is not there any more.
   *
   * @param isForgotten whether another has said that it is not there for him; what is here of it
   *     may be what the others have forgotten
   * @return whether it was not there; does not fail
   */
  Future<Boolean> mend(boolean isForgotten) {
    if (isBusy) {
      return Future.succeededFuture(false);
    }
    isBusy = true;
    Context context = vertx.getOrCreateContext();
    Promise<Boolean> mended = Promise.promise();
    manager.getNodeInfo(
        manager.getNodeId(),
        (info, missing) ->
            context.runOnContext(turn -> mend(isForgotten || missing != null, mended)));
    return mended.future();
  }

  private void mend(boolean isForgotten, Promise<Boolean> mended) {
    boolean isWritten = isForgotten && !isClosed;
    Future<Void> written = isWritten ? write() : Future.succeededFuture();
    written.onComplete(
        done -> {
          isBusy = false;
          mended.complete(isWritten && done.succeeded());
        });
  }

  /** Takes no more questions. */
  Future<Void> close() {
    isClosed = true;
    return Future.join(questions.unregister(), greetings.unregister()).mapEmpty();
  }
}
