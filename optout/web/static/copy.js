/* Copies what stands in a field, where somebody presses the button beside it. */
(() => {
  "use strict";
  for (const button of document.querySelectorAll("button[data-copies]")) {
    const field = document.getElementById(button.dataset.copies);
    button.hidden = false;
    button.addEventListener("click", async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        if (!document.execCommand("copy")) return; // it stays selected, to be copied by hand
      }
      button.textContent = button.dataset.copied;
    });
  }
})();
