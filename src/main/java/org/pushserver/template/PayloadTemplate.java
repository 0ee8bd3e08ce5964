// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.template;

import static java.util.stream.Collectors.joining;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import java.util.Set;
import java.util.TreeSet;

/** A template's text, compiled once. Any thread. */
final class PayloadTemplate {
  private static final Mustache.Compiler MUSTACHE =
      Mustache.compiler()
          .withCollector(new Values())
          .withFormatter(Values::format)
          // The formatter has escaped already, even for {{{…}}}, which asks for no escaping.
          .escapeHTML(false)
          .nullValue("")
          .emptyStringIsFalse(true)
          .strictSections(true);

  private final Template template;
  private final Set<String> extraFields = new TreeSet<>();

  /**
   * @throws TemplateException when it is no Mustache
   */
  PayloadTemplate(String text) throws TemplateException {
    try {
      template = MUSTACHE.compile(text);
      template.visit(new Names());
    } catch (MustacheException | UnsupportedOperationException e) {
      throw new TemplateException(e.getMessage());
    } catch (IndexOutOfBoundsException e) {
      throw new TemplateException("it has an empty tag, {{}}");
    }
  }

  /**
   * Without what only the reader of the file needs: a push service counts bytes, indentation too.
   * JSON has no line breaks inside of a string, so none of them means anything; a space stays, for
   * the brace of an object must not touch those of a tag.
   */
  static String dense(String text) {
    return text.lines().map(String::strip).collect(joining(" "));
  }

  /** The further fields of requests that it uses. */
  Set<String> extraFields() {
    return extraFields;
  }

  /**
   * Fills it in.
   *
   * @throws TemplateException when it names what does not exist; after a check it does not
   */
  String fill(Values.Subject subject) throws TemplateException {
    try {
      return template.execute(subject);
    } catch (MustacheException.Context e) {
      String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
      throw new TemplateException("line " + e.lineNo + ": {{" + e.key + "}}: " + why);
    } catch (MustacheException | IllegalArgumentException | UnsupportedOperationException e) {
      throw new TemplateException(e.getMessage());
    }
  }

  /** Collects names, and refuses other files. */
  private final class Names implements Mustache.Visitor {
    @Override
    public void visitText(String text) {}

    @Override
    public void visitVariable(String name) {
      if (Values.isExtra(name)) {
        extraFields.add(Values.extraName(name));
      }
    }

    @Override
    public boolean visitInclude(String name) {
      throw new UnsupportedOperationException("{{>" + name + "}}: a template is one file");
    }

    @Override
    public boolean visitParent(String name) {
      throw new UnsupportedOperationException("{{<" + name + "}}: a template is one file");
    }

    @Override
    public boolean visitSection(String name) {
      visitVariable(name);
      return true;
    }

    @Override
    public boolean visitInvertedSection(String name) {
      visitVariable(name);
      return true;
    }
  }
}
