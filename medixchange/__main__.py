from medixchange.cli import main

main()
