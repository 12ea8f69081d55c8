package io.solebox.reader;

import io.solebox.reader.OfficeText.Paragraph;
import io.solebox.reader.SafeXml.Attributes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.poi.openxml4j.opc.PackagePart;

/** Presentations of PowerPoint: a slide is a page, under its title, with its notes at the end. */
final class PptxFormat implements Format {
  private static final Set<String> TITLES = Set.of("title", "ctrTitle");

  /** What stands on every slide. */
  private static final Set<String> SURROUNDINGS = Set.of("sldNum", "dt", "ftr", "hdr", "sldImg");

  @Override
  public void read(byte[] file, Text out) throws IOException, Refusal {
    try (OfficePackage opc = OfficePackage.open(file)) {
      PackagePart main = opc.main();
      var order = new Order();
      OfficePackage.read(main, order);
      int number = 0;
      for (String id : order.slides) {
        number++;
        var slide = opc.related(main, main.getRelationship(id));
        if (slide.isPresent()) {
          read(number, slide.get(), opc, out);
        } else {
          out.note("Slide " + number + " is missing in the file.");
        }
      }
    }
  }

  private static void read(int number, PackagePart part, OfficePackage opc, Text out)
      throws IOException, Refusal {
    var slide = new Slide();
    OfficePackage.read(part, new OfficeText(slide, Map.of()));
    var notes = new Slide();
    for (PackagePart beside : opc.related(part, "notesSlide")) {
      OfficePackage.read(beside, new OfficeText(notes, Map.of()));
    }
    out.page(number, List.of(String.join(" ", slide.title)));
    for (String line : slide.lines) {
      out.line(line);
    }
    for (String line : notes.lines) {
      out.line(line);
    }
    out.flush();
  }

  /** What is on one. */
  private static final class Slide implements OfficeText.Taker {
    private final List<String> title = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();

    @Override
    public void paragraph(Paragraph paragraph) {
      if (TITLES.contains(paragraph.placeholder())) {
        title.add(paragraph.text());
      }
      if (!SURROUNDINGS.contains(paragraph.placeholder())) {
        lines.add(paragraph.text());
      }
    }

    @Override
    public void row(List<String> cells) {
      lines.add(Text.rowOf(cells));
    }
  }

  /** In which order the slides are shown (ECMA-376, part 1: 19.2.1.33). */
  private static final class Order implements SafeXml.Handler {
    private static final String RELATIONS = "/officeDocument/";
    private final List<String> slides = new ArrayList<>();

    @Override
    public void start(String name, Attributes attributes) {
      if (name.equals("sldId")) {
        slides.add(attributes.of("id", RELATIONS));
      }
    }

    @Override
    public void text(String text) {
      // all is in attributes
    }

    @Override
    public void end(String name) {
      // as above
    }
  }
}
