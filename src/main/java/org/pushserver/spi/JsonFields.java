// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** Writes the fields of one JSON object. */
@FunctionalInterface
public interface JsonFields {
  /**
   * Writes any number of fields, none of them twice.
   *
   * @param json stands inside an open object, which the caller closes; not to be kept
   * @throws IOException only passed on from {@code json}
   */
  void write(JsonGenerator json) throws IOException;
}
