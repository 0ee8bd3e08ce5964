// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The templates of the pages, each compiled when it is first shown. They escape all that they show.
 * To be used on worker threads: it reads files of the jar. Any of them.
 */
final class HtmlTemplates {
  private static final String ENDING = ".mustache";

  private final Mustache.Compiler compiler =
      Mustache.compiler()
          .escapeHTML(true)
          .emptyStringIsFalse(true)
          // A name that no value has is a mistake, never an empty place.
          .strictSections(true)
          .withLoader(HtmlTemplates::open);

  private final ConcurrentMap<String, Template> compiled = new ConcurrentHashMap<>();

  /**
   * Fills one in.
   *
   * @param name without its ending
   * @param page what it shows
   * @param frame what all pages show
   */
  Buffer fill(String name, Object page, Object frame) {
    StringWriter text = new StringWriter(8192);
    template(name).execute(page, frame, text);
    return Buffer.buffer(text.toString());
  }

  /** The same for a part of a page, which has no frame. */
  String part(String name, Object part) {
    return template(name).execute(part);
  }

  /** Compiles one, and so fills it in later without reading anything. */
  HtmlTemplates prepare(String name) {
    template(name).visit(new Everywhere());
    return this;
  }

  private Template template(String name) {
    return compiled.computeIfAbsent(name, this::compile);
  }

  private Template compile(String name) {
    try (Reader text = open(name)) {
      return compiler.compile(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Reader open(String name) {
    return new InputStreamReader(ConsoleFiles.open(name + ENDING), StandardCharsets.UTF_8);
  }

  /** Goes everywhere, and so also into the parts that a template includes. */
  private static final class Everywhere implements Mustache.Visitor {
    @Override
    public void visitText(String text) {}

    @Override
    public void visitVariable(String name) {}

    @Override
    public boolean visitInclude(String name) {
      return true;
    }

    @Override
    public boolean visitSection(String name) {
      return true;
    }

    @Override
    public boolean visitInvertedSection(String name) {
      return true;
    }
  }
}
