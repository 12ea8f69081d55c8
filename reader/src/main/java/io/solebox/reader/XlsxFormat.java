package io.solebox.reader;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.poi.openxml4j.exceptions.OpenXML4JException;
import org.apache.poi.ss.usermodel.DataFormatter;
import org.apache.poi.ss.util.CellReference;
import org.apache.poi.util.XMLHelper;
import org.apache.poi.xssf.eventusermodel.ReadOnlySharedStringsTable;
import org.apache.poi.xssf.eventusermodel.XSSFReader;
import org.apache.poi.xssf.eventusermodel.XSSFSheetXMLHandler;
import org.apache.poi.xssf.usermodel.XSSFComment;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.XMLReader;

/**
 * Workbooks of Excel by POI, sheet by sheet as a stream: values as a sheet shows them, of formulas
 * what they came to. Rows are in sections of some, each with the first row of its sheet before
 * them, so that one can be understood without the rest.
 */
final class XlsxFormat implements Format {
  @Override
  public void read(byte[] file, Text out) throws IOException, Refusal {
    try (OfficePackage opc = OfficePackage.open(file)) {
      var reader = new XSSFReader(opc.opc());
      var strings = new ReadOnlySharedStringsTable(opc.opc(), false);
      var sheets = reader.getSheetIterator();
      while (sheets.hasNext()) {
        try (InputStream xml = sheets.next()) {
          var rows = new Rows(sheets.getSheetName(), out);
          XMLReader parser = XMLHelper.newXMLReader();
          parser.setContentHandler(
              new XSSFSheetXMLHandler(
                  reader.getStylesTable(), strings, rows, new DataFormatter(Locale.ROOT), false));
          parser.parse(new InputSource(xml));
          rows.end();
        }
      }
    } catch (Stopped stopped) {
      throw stopped.refusal;
    } catch (OpenXML4JException | SAXException | ParserConfigurationException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** A refusal on its way through a library that knows none. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Refusal refusal;

    Stopped(Refusal refusal) {
      super(refusal);
      this.refusal = refusal;
    }
  }

  /** One sheet's. */
  private static final class Rows implements XSSFSheetXMLHandler.SheetContentsHandler {
    /** Of a section, after which a row begins the next. */
    private static final int ENOUGH = 2000;

    private static final int MOST_COLUMNS = 16_384;

    private final String sheet;
    private final Text out;
    private final List<String> cells = new ArrayList<>();
    private final List<String> section = new ArrayList<>();
    private String header = "";
    private int first;
    private int last;
    private int length;

    Rows(String sheet, Text out) {
      this.sheet = sheet;
      this.out = out;
    }

    @Override
    public void startRow(int row) {
      cells.clear();
    }

    @Override
    public void cell(String reference, String value, XSSFComment comment) {
      int column = reference == null ? cells.size() : new CellReference(reference).getCol();
      if (value != null && column >= 0 && column < MOST_COLUMNS) {
        while (cells.size() <= column) {
          cells.add("");
        }
        cells.set(column, value);
      }
    }

    @Override
    public void endRow(int row) {
      String line = Text.rowOf(cells);
      if (!line.isEmpty()) {
        add(row + 1, line);
      }
    }

    private void add(int number, String line) {
      if (length >= ENOUGH) {
        end();
      }
      if (section.isEmpty()) {
        first = number;
        if (!header.isEmpty()) {
          section.add(header);
        }
      }
      if (header.isEmpty()) {
        header = line;
      }
      section.add(line);
      last = number;
      length += line.length();
    }

    void end() {
      if (section.isEmpty()) {
        return;
      }
      try {
        String rows = first == last ? "row " + first : "rows " + first + "-" + last;
        out.part(List.of(sheet, rows));
        for (String line : section) {
          out.line(line);
        }
        out.flush();
      } catch (Refusal refusal) {
        throw new Stopped(refusal);
      }
      section.clear();
      length = 0;
    }
  }
}
