// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokenfile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The rows of a table whose first line names the columns: with commas or semicolons and quotes, as
 * of RFC 4180; or with tabs and backslashes, as {@code mysql -B} prints it.
 */
final class TableTokens implements FileRows {
  /** What databases print where there is nothing. */
  private static final String NOTHING = "NULL";

  private final MappingIterator<String[]> rows;
  private final List<String> columns;

  private TableTokens(MappingIterator<String[]> rows, List<String> columns) {
    this.rows = rows;
    this.columns = columns;
  }

  /** The columns that a first line names, in lower case and with dashes; empty when it is none. */
  static List<String> columns(String head) {
    return Arrays.stream(head.split(separator(head) + "", -1)).map(TableTokens::name).toList();
  }

  private static char separator(String head) {
    return head.indexOf('\t') >= 0 ? '\t' : head.indexOf(';') >= 0 ? ';' : ',';
  }

  private static String name(String written) {
    String bare = written.strip().replace("\"", "").replace("\uFEFF", "");
    return bare.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static TableTokens open(Path file, String head) throws IOException {
    char separator = separator(head);
    CsvSchema schema = CsvSchema.emptySchema().withColumnSeparator(separator);
    InputStreamReader in =
        new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8);
    MappingIterator<String[]> rows =
        new CsvMapper()
            .readerFor(String[].class)
            .with(CsvParser.Feature.WRAP_AS_ARRAY)
            .with(CsvParser.Feature.SKIP_EMPTY_LINES)
            .with(separator == '\t' ? schema.withoutQuoteChar().withEscapeChar('\\') : schema)
            .readValues(in);
    if (rows.hasNextValue()) {
      String[] unusedHead = rows.nextValue();
    }
    return new TableTokens(rows, columns(head));
  }

  @Override
  public FileRow next() throws IOException, BadTokenFileException {
    String where = "line " + rows.getCurrentLocation().getLineNr();
    try {
      if (!rows.hasNextValue()) {
        return null;
      }
      String[] values = rows.nextValue();
      if (values.length > columns.size()) {
        return FileRow.unreadable(
            where,
            "it has %s columns, and the first line names %s"
                .formatted(values.length, columns.size()));
      }
      Map<String, String> fields = new HashMap<>();
      for (int i = 0; i < values.length; i++) {
        if (!values[i].isEmpty() && !values[i].equals(NOTHING)) {
          fields.put(columns.get(i), values[i]);
        }
      }
      return FileRow.of(where, fields);
    } catch (JsonProcessingException e) {
      throw new BadTokenFileException(where + " and what follows is no table", e);
    }
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
