// A copy button on every code block. Pages work without this script.
document.querySelectorAll("article .highlight pre").forEach((block) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "hw-copy";
  button.textContent = "Copy";
  button.setAttribute("aria-label", "Copy this code");
  const said = document.createElement("span");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    const text = block.innerText.replace(/\n$/, "") + "\n";
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      getSelection().selectAllChildren(block);
      document.execCommand("copy");
      getSelection().removeAllRanges();
    }
    button.textContent = "Copied";
    said.textContent = "Code copied";
    setTimeout(() => {
      button.textContent = "Copy";
      said.textContent = "";
    }, 2000);
  });
  block.parentElement.append(button, said);
});

// What scrolls inside itself must be reached by the keyboard, and only while it does scroll.
const reachable = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const scrolls = target.scrollWidth > target.clientWidth;
    if (scrolls) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
document
  .querySelectorAll("article :is(.math, .table-wrapper, .cell_output, .highlight pre)")
  .forEach((part) => reachable.observe(part));
