// The person is gone: nobody is told anything.
window.close();
