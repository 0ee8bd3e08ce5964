// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import com.eatthepath.pushy.apns.ApnsClient;
import com.eatthepath.pushy.apns.ApnsClientBuilder;
import com.eatthepath.pushy.apns.PushNotificationResponse;
import com.eatthepath.pushy.apns.auth.ApnsSigningKey;
import com.eatthepath.pushy.apns.util.SimpleApnsPushNotification;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The outgoing half alone, as a Java programmer would have it: pushy. For each number of seconds
 * that it reads it sends for so long, and prints the pushes taken, the others, and the nanoseconds.
 */
public final class PushySender {
  private static final int IN_FLIGHT = 500;
  private static final int ANSWER_LIMIT_S = 10;
  private static final String PAYLOAD =
      "{\"event\":\"incoming_session\",\"call-id\":\"4711@pbx.example.com\","
          + "\"session-id\":\"0d2f9e2c-7e1c-51a4-9a51-1b0c0a8f7c11\",\"media-type\":\"audio\","
          + "\"from_uri\":\"sip:alice@example.com\",\"from_display_name\":\"Alice\","
          + "\"to_uri\":\"sip:bob@example.com\"}";

  private final ApnsClient client;
  private final Semaphore window = new Semaphore(IN_FLIGHT);
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  private PushySender(ApnsClient client) {
    this.client = client;
  }

  /** Runs it: the sink's port, the CA file, the provider key. Ends with its input. */
  public static void main(String[] arguments) throws Exception {
    try {
      run(arguments);
      System.exit(0);
    } catch (BenchException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private static void run(String[] arguments) throws Exception {
    ApnsClient client =
        new ApnsClientBuilder()
            .setApnsServer("localhost", Integer.parseInt(arguments[0]))
            .setTrustedServerCertificateChain(new File(arguments[1]))
            // Apple does without; nghttpd does not.
            .setUseAlpn(true)
            .setSigningKey(
                ApnsSigningKey.loadFromPkcs8File(
                    new File(arguments[2]), ServerSetup.TEAM_ID, ServerSetup.KEY_ID))
            .build();
    PushySender sender = new PushySender(client);
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        System.out.println(sender.send(TimeUnit.SECONDS.toNanos(Long.parseLong(line))));
      }
    }
  }

  private String send(long nanos) throws InterruptedException {
    taken.set(0);
    failed.set(0);
    long start = System.nanoTime();
    int count = 0;
    while (System.nanoTime() - start < nanos) {
      acquire(1);
      client
          .sendNotification(
              new SimpleApnsPushNotification(
                  Posts.device(count++ % Posts.DEVICES), "com.example.phone", PAYLOAD))
          .whenComplete(this::ended);
    }
    acquire(IN_FLIGHT);
    window.release(IN_FLIGHT);
    return taken.get() + " " + failed.get() + " " + (System.nanoTime() - start);
  }

  private void acquire(int permits) throws InterruptedException {
    if (!window.tryAcquire(permits, ANSWER_LIMIT_S, TimeUnit.SECONDS)) {
      throw new BenchException("no answer in " + ANSWER_LIMIT_S + " s");
    }
  }

  private void ended(PushNotificationResponse<?> response, Throwable cause) {
    (cause == null && response.isAccepted() ? taken : failed).incrementAndGet();
    window.release();
  }
}
