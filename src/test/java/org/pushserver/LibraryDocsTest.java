// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a user of the library meets is explained: each class, method, parameter and result. The
 * build's Javadoc looks only at how that is written: it would also want each field of a record
 * explained a second time, at a constructor that does no more than check.
 */
class LibraryDocsTest {
  private static final Path SOURCES = Path.of("src/main/java");
  private static final Pattern RECORD_CHECKS = Pattern.compile("\\s*public [A-Z]\\w* \\{");

  /** Those of which the build makes Javadoc. */
  private static List<Path> documented() throws IOException {
    Predicate<Path> included = named("sourceFileInclude");
    Predicate<Path> excluded = named("sourceFileExclude");
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files
          .filter(
              file -> {
                Path name = SOURCES.relativize(file);
                return included.test(name) && !excluded.test(name);
              })
          .toList();
    }
  }

  /** What the build's description names in elements of this name. */
  private static Predicate<Path> named(String element) throws IOException {
    List<PathMatcher> globs =
        Pattern.compile("<" + element + ">(.*?)</" + element + ">")
            .matcher(Files.readString(Path.of("pom.xml")))
            .results()
            .map(found -> FileSystems.getDefault().getPathMatcher("glob:" + found.group(1)))
            .toList();
    return file -> globs.stream().anyMatch(glob -> glob.matches(file));
  }

  private static boolean isCheckOfRecord(Diagnostic<? extends JavaFileObject> found) {
    try {
      List<String> lines = Files.readAllLines(Path.of(found.getSource().toUri()));
      return RECORD_CHECKS.matcher(lines.get((int) found.getLineNumber() - 1)).matches();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void eachPublicMemberIsExplainedWithItsParametersResultAndErrors(@TempDir Path classes)
      throws IOException {
    List<Path> sources = documented();
    assertTrue(sources.size() > 30, sources::toString);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(found, Locale.ROOT, null)) {
      List<String> options =
          List.of(
              "-Xdoclint:all/protected",
              "-Xmaxwarns",
              "1000",
              "-proc:none",
              "-implicit:none",
              "-d",
              classes.toString(),
              "-classpath",
              System.getProperty("java.class.path"));
      boolean compiled =
          compiler
              .getTask(
                  null, files, found, options, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      List<String> wrong =
          found.getDiagnostics().stream()
              .filter(one -> one.getSource() != null && !isCheckOfRecord(one))
              .map(Diagnostic::toString)
              .toList();
      assertEquals(List.of(), wrong);
      assertTrue(compiled);
    }
  }
}
