package io.solebox.reader;

import io.solebox.reader.OfficeText.Paragraph;
import io.solebox.reader.SafeXml.Attributes;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.poi.openxml4j.opc.PackagePart;

/**
 * Documents of Word: paragraphs under their headings, tables, lists, text boxes, footnotes where
 * they are referred to, and first what stands at the top and last what stands at the foot of pages.
 * Comments are not read.
 */
final class DocxFormat implements Format {
  @Override
  public void read(byte[] file, Text out) throws IOException, Refusal {
    try (OfficePackage opc = OfficePackage.open(file)) {
      PackagePart main = opc.main();
      var styles = new WordStyles();
      for (PackagePart part : opc.related(main, "styles")) {
        OfficePackage.read(part, styles);
      }
      Map<String, String> notes = new HashMap<>();
      for (String kind : List.of("footnote", "endnote")) {
        for (PackagePart part : opc.related(main, kind + "s")) {
          OfficePackage.read(part, new Notes(kind, notes));
        }
      }
      margin(opc.related(main, "header"), out);
      OfficePackage.read(main, new OfficeText(new Body(out, styles), notes));
      margin(opc.related(main, "footer"), out);
      out.flush();
    }
  }

  /** What stands at the top or the foot of pages, each line once. */
  private static void margin(List<PackagePart> parts, Text out) throws IOException, Refusal {
    Set<String> lines = new LinkedHashSet<>();
    var taker =
        new OfficeText.Taker() {
          @Override
          public void paragraph(Paragraph paragraph) {
            lines.add(paragraph.text());
          }

          @Override
          public void row(List<String> cells) {
            lines.add(Text.rowOf(cells));
          }
        };
    for (PackagePart part : parts) {
      OfficePackage.read(part, new OfficeText(taker, Map.of()));
    }
    for (String line : lines) {
      out.line(line);
    }
  }

  private record Body(Text out, WordStyles styles) implements OfficeText.Taker {
    @Override
    public void paragraph(Paragraph paragraph) throws Refusal {
      OptionalInt level =
          paragraph.outline().isPresent() ? paragraph.outline() : styles.level(paragraph.style());
      if (level.isPresent()) {
        out.heading(level.getAsInt() + 1, paragraph.text());
      } else {
        out.line(paragraph.listed() ? "- " + paragraph.text() : paragraph.text());
      }
    }

    @Override
    public void row(List<String> cells) throws Refusal {
      out.row(cells);
    }
  }

  /** Gathers footnotes under the name of what refers to them, and their numbers. */
  private static final class Notes implements SafeXml.Handler {
    private final String kind;
    private final Map<String, String> notes;
    private final StringBuilder note = new StringBuilder();
    private final OfficeText inside;
    private String id = "";

    Notes(String kind, Map<String, String> notes) {
      this.kind = kind;
      this.notes = notes;
      this.inside =
          new OfficeText(
              new OfficeText.Taker() {
                @Override
                public void paragraph(Paragraph paragraph) {
                  note.append(note.isEmpty() ? "" : " ").append(paragraph.text().strip());
                }

                @Override
                public void row(List<String> cells) {
                  note.append(' ').append(Text.rowOf(cells));
                }
              },
              Map.of());
    }

    @Override
    public void start(String name, Attributes attributes) {
      if (name.equals(kind)) {
        id = attributes.of("id");
      }
      inside.start(name, attributes);
    }

    @Override
    public void text(String text) {
      inside.text(text);
    }

    @Override
    public void end(String name) throws Refusal {
      inside.end(name);
      if (name.equals(kind)) {
        notes.put(kind + "Reference" + id, note.toString());
        note.setLength(0);
      }
    }
  }
}
