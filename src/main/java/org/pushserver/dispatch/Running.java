// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import io.vertx.core.eventbus.MessageProducer;
import org.pushserver.events.Application;

/**
 * An application and its verticle, which outlives changes of the application.
 *
 * @param jobs the way to the verticle
 * @param deployment by which Vert.x knows the verticle
 */
record Running(
    Application application, AppVerticle verticle, MessageProducer<Job> jobs, String deployment) {
  Running with(Application changed) {
    return new Running(changed, verticle, jobs, deployment);
  }
}
