package io.solebox.testkit;

class ReferenceFolderTest extends FolderConformance {
  @Override
  protected String device() {
    return "reference";
  }

  @Override
  protected int longestPrompt() {
    return 64;
  }
}
