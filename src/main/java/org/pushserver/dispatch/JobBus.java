// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageProducer;
import java.util.UUID;
import org.pushserver.dispatch.Job.Task;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;

/** The way of jobs to verticles, over the event bus and within this process. Any thread. */
final class JobBus {
  private final Vertx vertx;
  private final Job.Codec codec = new Job.Codec("pushserver.job." + UUID.randomUUID());
  private final DeliveryOptions local =
      new DeliveryOptions().setLocalOnly(true).setCodecName(codec.name());

  JobBus(Vertx vertx) {
    this.vertx = vertx;
    vertx.eventBus().registerCodec(codec);
  }

  /** The way to one of them. */
  MessageProducer<Job> to(String address) {
    return vertx.eventBus().sender(address, local);
  }

  /**
   * Hands over a push.
   *
   * @return the answer, {@link Job#answer}
   */
  Future<Outcome> hand(MessageProducer<Job> to, Push push, Task task, boolean untilEnd) {
    Job job = new Job(push, task, untilEnd, vertx.getOrCreateContext());
    to.write(job).onFailure(noConsumer -> job.lost());
    return job.answer();
  }

  /** Takes away what the event bus would keep for as long as it lives. */
  void release() {
    vertx.eventBus().unregisterCodec(codec.name());
  }
}
