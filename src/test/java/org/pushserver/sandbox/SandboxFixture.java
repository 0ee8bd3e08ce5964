// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.pushserver.fake.TestSandbox;

/** A sandbox for each test, on free ports, with somebody who calls it. */
final class SandboxFixture implements BeforeEachCallback, AfterEachCallback {
  final Vertx vertx = Vertx.vertx();
  Sandbox sandbox;
  SandboxCaller caller;

  private final Supplier<Path> directory;

  /**
   * @param directory where everything is to be; empty, and asked for when a test begins
   */
  SandboxFixture(Supplier<Path> directory) {
    this.directory = directory;
  }

  @Override
  public void beforeEach(ExtensionContext test) throws GeneralSecurityException, IOException {
    sandbox = await(TestSandbox.start(vertx, SandboxOptions.in(directory.get())));
    caller = new SandboxCaller(sandbox);
  }

  @Override
  public void afterEach(ExtensionContext test) {
    await(vertx.close());
  }
}
